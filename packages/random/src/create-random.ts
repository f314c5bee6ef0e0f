import { RandomError } from './errors';
import { inverseNormal } from './inverse-normal';
import { keyOf, PURPOSE, ROOT_KEY } from './key';
import type { Random, RandomState } from './random';
import { threefry, type Key } from './threefry';

const ALGORITHM = 'threefry4x32-20';

/** Words made at a time; divides 2^34, so that no chunk straddles a carry of the block counter's first word. */
const CHUNK = 4096;

/**
 * A stream of random numbers from a seed: the same seed gives the same numbers, bit for bit, in every JavaScript engine.
 * Different seeds give independent streams; so do the number 1 and the string '1'.
 *
 * Numbers are made by Threefry4x32-20 (Salmon et al. 2011) from a 128-bit key and a position.
 *
 * @param seed any finite number or any string
 * @throws RandomError `INVALID_OPTION` for another seed
 */
export function createRandom(seed: number | string): Random {
  return new ThreefryRandom(keyOf(ROOT_KEY, seed, 'createRandom: seed'));
}

/**
 * The stream that {@link Random.toJSON} described.
 *
 * @throws RandomError `INVALID_STATE` if the state is invalid, or of another algorithm
 */
export function randomFromJSON(state: RandomState): Random {
  const { algorithm, key } = (state ?? {}) as Partial<RandomState>;
  if (algorithm !== ALGORITHM) {
    throw new RandomError(
      'INVALID_STATE',
      `randomFromJSON: expected algorithm '${ALGORITHM}', got ${String(algorithm)}; pass what random.toJSON() returned.`,
    );
  }
  if (!Array.isArray(key) || key.length !== 4 || !key.every((word) => isIntegerIn(word, 0, 2 ** 32 - 1))) {
    throw new RandomError(
      'INVALID_STATE',
      'randomFromJSON: expected a key of four integers in [0, 2^32); pass what random.toJSON() returned.',
    );
  }
  return new ThreefryRandom([...key] as unknown as Key);
}

class ThreefryRandom implements Random {
  readonly #key: Key;

  constructor(key: Key) {
    this.#key = key;
  }

  fork(...labels: readonly (string | number)[]): Random {
    if (labels.length === 0) {
      throw new RandomError('INVALID_OPTION', 'fork: expected at least one label; without one it is the same stream.');
    }
    return new ThreefryRandom(labels.reduce<Key>((key, label) => keyOf(key, label, 'fork: label'), this.#key));
  }

  uniform(count: number, { from = 0 }: { readonly from?: number } = {}): Float32Array {
    checkRange('uniform', count, from);
    const out = new Float32Array(count);
    this.#chunks(PURPOSE.uniform, from, count, (words, start) => {
      for (let i = 0; i < words.length; i++) out[start + i] = ((words[i] as number) >>> 8) * 2 ** -24;
    });
    return out;
  }

  normal(
    count: number,
    {
      from = 0,
      mean = 0,
      standardDeviation = 1,
    }: { readonly from?: number; readonly mean?: number; readonly standardDeviation?: number } = {},
  ): Float32Array {
    checkRange('normal', count, from);
    if (!Number.isFinite(mean)) {
      throw new RandomError('INVALID_OPTION', `normal: expected a finite mean, got ${mean}.`);
    }
    if (!(standardDeviation >= 0 && standardDeviation < Infinity)) {
      throw new RandomError(
        'INVALID_OPTION',
        `normal: expected a finite standardDeviation of at least 0, got ${standardDeviation}.`,
      );
    }
    const out = new Float32Array(count);
    const tails = new Int32Array(Math.min(count, CHUNK));
    this.#chunks(PURPOSE.normal, from, count, (words, start) => {
      inverseNormal(words, out.subarray(start, start + words.length), tails, mean, standardDeviation);
    });
    return out;
  }

  bernoulli(
    count: number,
    { probability, from = 0 }: { readonly probability: number; readonly from?: number },
  ): Float32Array {
    checkRange('bernoulli', count, from);
    if (!(probability >= 0 && probability <= 1)) {
      throw new RandomError('INVALID_OPTION', `bernoulli: expected a probability in [0, 1], got ${probability}.`);
    }
    const out = new Float32Array(count);
    const threshold = probability * 2 ** 32;
    this.#chunks(PURPOSE.bernoulli, from, count, (words, start) => {
      for (let i = 0; i < words.length; i++) out[start + i] = Number((words[i] as number) >>> 0 < threshold);
    });
    return out;
  }

  integers(count: number, { bound, from = 0 }: { readonly bound: number; readonly from?: number }): Uint32Array {
    checkRange('integers', count, from);
    if (!isIntegerIn(bound, 1, 2 ** 32)) {
      throw new RandomError('INVALID_OPTION', `integers: expected an integer bound in [1, 2^32], got ${bound}.`);
    }
    const out = new Uint32Array(count);
    this.#chunks(PURPOSE.integers, from, count, (words, start) => {
      for (let i = 0; i < words.length; i++) {
        out[start + i] = this.#below(bound, words[i] as number, PURPOSE.integers, from + start + i);
      }
    });
    return out;
  }

  permutation(count: number): Uint32Array {
    checkRange('permutation', count, 0);
    const out = new Uint32Array(count);
    // Fisher and Yates, inside out: element i goes to a uniform place among the first i + 1.
    this.#chunks(PURPOSE.permutation, 0, count, (words, start) => {
      for (let k = 0; k < words.length; k++) {
        const i = start + k;
        const j = this.#below(i + 1, words[k] as number, PURPOSE.permutation, i);
        out[i] = out[j] as number;
        out[j] = i;
      }
    });
    return out;
  }

  toJSON(): RandomState {
    return { algorithm: ALGORITHM, key: [...this.#key] };
  }

  /** Calls `consume` with the words at positions `from + start ..`, chunk by chunk. */
  #chunks(purpose: number, from: number, count: number, consume: (words: Int32Array, start: number) => void): void {
    const end = from + count;
    const buffer = new Int32Array(Math.min(CHUNK, 4 * (Math.ceil(end / 4) - Math.floor(from / 4))));
    for (let position = from; position < end;) {
      const block = Math.floor(position / 4);
      const next = Math.min(end, (Math.floor(position / CHUNK) + 1) * CHUNK);
      const words = buffer.subarray(0, 4 * (Math.ceil(next / 4) - block));
      threefry(this.#key, block | 0, Math.floor(block / 2 ** 32), 0, purpose, words);
      consume(words.subarray(position - 4 * block, next - 4 * block), position - from);
      position = next;
    }
  }

  /**
   * An integer in [0, bound) from a word: the upper half of the 64-bit product word * bound. Words whose lower half falls
   * below 2^32 mod bound are refused, or some integers would come up once too often, and the next attempt at the same
   * position is tried: the third word of the counter.
   *
   * Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019).
   */
  #below(bound: number, word: number, purpose: number, position: number): number {
    let candidate = word >>> 0;
    for (let attempt = 1; ; attempt++) {
      const lower = Math.imul(candidate, bound) >>> 0;
      if (lower >= bound || lower >= (2 ** 32 - bound) % bound) {
        // The product is rounded to 53 bits, but off the multiple of 2^32 by at most 2^11: rounding finds it exactly.
        return Math.round((candidate * bound - lower) * 2 ** -32);
      }
      const block = Math.floor(position / 4);
      const words = new Int32Array(4);
      threefry(this.#key, block | 0, Math.floor(block / 2 ** 32), attempt, purpose, words);
      candidate = (words[position % 4] as number) >>> 0;
    }
  }
}

function isIntegerIn(value: unknown, first: number, last: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= first && (value as number) <= last;
}

function checkRange(name: string, count: number, from: number): void {
  if (!isIntegerIn(count, 0, 2 ** 32)) {
    throw new RandomError('INVALID_OPTION', `${name}: expected an integer count in [0, 2^32], got ${count}.`);
  }
  if (!isIntegerIn(from, 0, Number.MAX_SAFE_INTEGER - count)) {
    throw new RandomError(
      'INVALID_OPTION',
      `${name}: expected from to be an integer of at least 0, with from + count below 2^53, got ${from}.`,
    );
  }
}
