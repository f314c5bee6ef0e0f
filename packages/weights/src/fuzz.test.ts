// Damaged files: every reader returns valid tensors or throws a WeightsError. `npm run test:all` reads more of them: FUZZ_TIMES=5.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { damaged } from '@taggerjs-tools/testing/damaged';
import * as fc from 'fast-check';

import { decodeNpy } from './decode-npy';
import { decodeNpz } from './decode-npz';
import { decodeSafetensors } from './decode-safetensors';
import { encodeNpy } from './encode-npy';
import { encodeSafetensors } from './encode-safetensors';
import { WeightsError } from './errors';
import type { NamedTensor } from './named-tensor';

/** How many times as many files to read as in the unit tests. */
const TIMES = Number(process.env['FUZZ_TIMES'] ?? 1);
jest.setTimeout(60_000 * TIMES);

/** Reads `numRuns` files, times {@link TIMES}, and counts how many were read and how many were refused with each code. */
function outcomesOf(
  files: fc.Arbitrary<Uint8Array>,
  numRuns: number,
  read: (bytes: Uint8Array) => void,
): Record<string, number> {
  const outcomes: Record<string, number> = {};
  const count = (outcome: string) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1);
  fc.assert(
    fc.property(files, (bytes) => {
      try {
        read(bytes);
        count('read');
      } catch (error) {
        if (!(error instanceof WeightsError)) throw error;
        count(error.code);
      }
    }),
    { numRuns: numRuns * TIMES, seed: 20160622 },
  );
  return outcomes;
}

function checkTensor({ data, shape }: NamedTensor): number {
  if (data.length !== shape.reduce((product, size) => product * size, 1)) throw new Error('wrong number of elements');
  return data.byteLength;
}

/** The damage reaches every check of the readers. */
const ALL_CODES = ['INVALID_HEADER', 'INVALID_LAYOUT', 'INVALID_TENSOR', 'TRUNCATED', 'UNSUPPORTED_DTYPE', 'read'];

describe('decodeSafetensors', () => {
  const valid = encodeSafetensors(
    {
      'ladder/W_1': { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
      step: { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) },
      half: { dtype: 'F16', shape: [3], data: Uint16Array.of(1, 2, 3) },
      'é\n': { dtype: 'BOOL', shape: [2], data: Uint8Array.of(0, 1) },
      empty: { dtype: 'U8', shape: [0, 4], data: new Uint8Array(0) },
    },
    { metadata: { config: '{"a":[1,2]}', note: 'é' } },
  );
  const headerLength = Number(new DataView(valid.buffer).getBigUint64(0, true));
  const [header, data] = [valid.subarray(8, 8 + headerLength), valid.subarray(8 + headerLength)];
  const pieces = [
    '{', '}', '[', ']', ',', ':', '"', '\\', '\\u0000', '\\ud800', ' ', '\0', '-1', '0', '00', '1e9', '0.5', '1', '4',
    '24', '4294967296', '9007199254740991', '9007199254740992', '18446744073709551616', 'null', 'true', '"x"', '""',
    '"F32"', '"I64"', '"dtype"', '"shape"', '"data_offsets"', '"__proto__"', '"__metadata__"', '"constructor"', '[0,4]',
    '[0,0]', '{}', '[]', '[[[[[[', '{"a":{"a":{"a":', '"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},', '\xef\xbb\xbf',
  ]; // prettier-ignore
  /** Damaged headers with their right length, or few of them would pass the first check. */
  const damagedHeaders = damaged([header], pieces).map((header) => {
    const bytes = Buffer.concat([new Uint8Array(8), header, data]);
    bytes.writeUInt32LE(header.length, 0);
    return Uint8Array.from(bytes);
  });

  it('reads damaged files without error or refuses them', () => {
    const outcomes = outcomesOf(fc.oneof(damagedHeaders, damaged([valid], pieces)), 20_000, (bytes) => {
      const { tensors, metadata } = decodeSafetensors(bytes);
      const size = Object.values(tensors).reduce((sum, tensor) => sum + checkTensor(tensor), 0);
      if (size > bytes.length) throw new Error('more data than the file has');
      const again = encodeSafetensors(tensors, { metadata });
      const twice = decodeSafetensors(again);
      if (Buffer.compare(again, encodeSafetensors(twice.tensors, { metadata: twice.metadata })) !== 0)
        throw new Error('not the same after writing and reading again');
    });
    expect(Object.keys(outcomes).sort()).toEqual(ALL_CODES);
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(20);
  });

  it('reads or refuses random bytes', () => {
    const short = fc.uint8Array({ maxLength: 64 });
    // A plausible header length.
    const plausible = fc
      .tuple(fc.nat({ max: 55 }), short)
      .map(([length, rest]) => Uint8Array.of(length, 0, 0, 0, 0, 0, 0, 0, 0x7b, ...rest));
    expect(outcomesOf(fc.oneof(short, plausible), 5000, decodeSafetensors)).not.toEqual({});
  });
});

const NPY_PIECES = [
  '{', '}', '(', ')', ',', ':', "'", '"', '\\', ' ', '\n', '\0', '-1', '0', '00', '1e9', '3L', '99999999999999999999',
  'True', 'False', "'<f4'", "'>f8'", "'|O'", "'descr'", "'shape'", "'fortran_order'", '__import__', '9007199254740991',
  '|b1', '<f8', 'PK\x03\x04', 'PK\x05\x06',
]; // prettier-ignore

it('decodeNpy reads damaged files without error or refuses them', () => {
  const valid = [
    encodeNpy({ dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }),
    encodeNpy({ dtype: 'BOOL', shape: [4], data: Uint8Array.of(0, 1, 1, 0) }),
  ];
  const outcomes = outcomesOf(damaged(valid, NPY_PIECES), 10_000, (bytes) => {
    if (checkTensor(decodeNpy(bytes)) > bytes.length) throw new Error('more data than the file has');
  });
  expect(Object.keys(outcomes).sort()).toEqual(ALL_CODES);
});

it.each(['stored.npz', 'packed.npz'])('decodeNpz reads damaged copies of %s without error or refuses them', (file) => {
  const valid = [readFileSync(join(__dirname, '../fixtures', file))];
  const outcomes = outcomesOf(damaged(valid, NPY_PIECES), 2000, (bytes) => {
    Object.values(decodeNpz(bytes, { maxBytes: 2 ** 24 })).forEach(checkTensor);
  });
  expect(outcomes['INVALID_ARCHIVE']).toBeGreaterThan(200);
  expect(outcomes['read']).toBeGreaterThan(4);
});
