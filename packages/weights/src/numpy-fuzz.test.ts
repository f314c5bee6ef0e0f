import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { decodeNpy } from './decode-npy';
import { decodeNpz } from './decode-npz';
import { encodeNpy } from './encode-npy';
import { WeightsError } from './errors';
import type { NamedTensor } from './named-tensor';

/** Marsaglia's xorshift32, for mutations that are the same in each run. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

const PIECES = [
  '{', '}', '(', ')', ',', ':', "'", '"', '\\', ' ', '\n', '\0', '-1', '0', '00', '1e9', '3L', '99999999999999999999',
  'True', 'False', "'<f4'", "'>f8'", "'|O'", "'descr'", "'shape'", "'fortran_order'", '__import__', '9007199254740991', '|b1', '<f8', 'PK\x03\x04', 'PK\x05\x06',
].map((piece) => Buffer.from(piece, 'latin1')); // prettier-ignore

function mutate(valid: Uint8Array, random: (bound: number) => number): Uint8Array {
  let bytes = Buffer.from(valid);
  for (let count = 1 + random(3); count > 0 && bytes.length > 0; count--) {
    const at = random(bytes.length);
    const piece = PIECES[random(PIECES.length)] as Buffer;
    switch (random(6)) {
      case 0:
        bytes[at]! ^= 1 << random(8);
        break;
      case 1:
        bytes[at] = [0, 255, random(256)][random(3)] as number;
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random(12))]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + piece.length)]);
    }
  }
  return Uint8Array.from(bytes);
}

function outcomeOf(read: () => unknown, bytes: Uint8Array): string {
  try {
    read();
    return 'read';
  } catch (error) {
    if (error instanceof WeightsError) return error.code;
    throw new Error(Buffer.from(bytes).toString('base64'), { cause: error });
  }
}

function count(files: number, valid: readonly Uint8Array[], read: (bytes: Uint8Array) => void): Map<string, number> {
  const random = generator(20160622);
  const outcomes = new Map<string, number>();
  for (let i = 0; i < files; i++) {
    const bytes = mutate(valid[i % valid.length] as Uint8Array, random);
    const outcome = outcomeOf(() => read(bytes), bytes);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return outcomes;
}

it('decodeNpy reads mutated files soundly, or throws a WeightsError', () => {
  const valid = [
    encodeNpy({ dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }),
    encodeNpy({ dtype: 'BOOL', shape: [4], data: Uint8Array.of(0, 1, 1, 0) }),
  ];
  const outcomes = count(40_000, valid, (bytes) => {
    const { data, shape } = decodeNpy(bytes);
    if (data.length !== shape.reduce((product, size) => product * size, 1)) throw new Error('wrong number of elements');
    if (data.byteLength > bytes.length) throw new Error('more data than the file has');
  });
  // The mutations reach every part of the reader, or this test would say little.
  expect([...outcomes.keys()].sort()).toEqual([
    'INVALID_HEADER',
    'INVALID_LAYOUT',
    'INVALID_TENSOR',
    'TRUNCATED',
    'UNSUPPORTED_DTYPE',
    'read',
  ]);
});

it.each(['stored.npz', 'packed.npz'])('decodeNpz reads mutations of %s soundly, or throws a WeightsError', (file) => {
  const valid = [readFileSync(join(__dirname, '../fixtures', file))];
  const outcomes = count(5_000, valid, (bytes) => {
    const tensors: Record<string, NamedTensor> = decodeNpz(bytes, { maxBytes: 2 ** 24 });
    for (const { data, shape } of Object.values(tensors)) {
      if (data.length !== shape.reduce((product, size) => product * size, 1))
        throw new Error('wrong number of elements');
    }
  });
  expect(outcomes.get('INVALID_ARCHIVE')).toBeGreaterThan(500);
  expect(outcomes.get('read')).toBeGreaterThan(10);
});
