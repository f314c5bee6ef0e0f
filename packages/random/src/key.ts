import { RandomError } from './errors';
import { threefry, type Key } from './threefry';

/**
 * The purpose of a block, the last word of the counter. Under one key the numbers of different purposes, and the keys
 * of its forks, are outputs of the cipher for different counters, so they are independent.
 */
export const PURPOSE = {
  uniform: 1,
  normal: 2,
  bernoulli: 3,
  integers: 4,
  permutation: 5,
  numberLabel: 6,
  stringLabel: 7,
  stringRest: 8,
} as const;

/** The key that seeds are labels under. */
export const ROOT_KEY: Key = [0, 0, 0, 0];

/** The bits of a finite number, as two words. */
function bitsOf(value: number): [number, number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value); // -0 is 0
  return [view.getUint32(4), view.getUint32(0)];
}

function encrypt(key: Key, c0: number, c1: number, c2: number, c3: number): Key {
  const out = new Int32Array(4);
  threefry(key, c0, c1, c2, c3, out);
  return [...new Uint32Array(out.buffer)] as unknown as Key;
}

/**
 * The key of a label under a key: the label is a path of counters, each encrypted under the key that the one before gave
 * (the tree of Goldreich, Goldwasser and Micali). The first counter holds the type, and for strings the length, so no
 * path is the beginning of another's, and all keys are independent. Numbers and strings differ: 1 is not '1'.
 */
export function keyOf(key: Key, label: number | string, where: string): Key {
  if (typeof label === 'number') {
    if (!Number.isFinite(label)) {
      throw new RandomError('INVALID_OPTION', `${where}: expected a finite number or a string, got ${label}.`);
    }
    return encrypt(key, ...bitsOf(label), 0, PURPOSE.numberLabel);
  }
  if (typeof label !== 'string') {
    throw new RandomError('INVALID_OPTION', `${where}: expected a number or a string, got ${typeof label}.`);
  }
  const pair = (at: number): number => {
    const low = at < label.length ? label.charCodeAt(at) : 0;
    const high = at + 1 < label.length ? label.charCodeAt(at + 1) : 0;
    return low | (high << 16);
  };
  let current = encrypt(key, label.length, pair(0), pair(2), PURPOSE.stringLabel);
  for (let at = 4; at < label.length; at += 6) {
    current = encrypt(current, pair(at), pair(at + 2), pair(at + 4), PURPOSE.stringRest);
  }
  return current;
}
