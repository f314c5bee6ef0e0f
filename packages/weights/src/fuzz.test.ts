import { decodeSafetensors } from './decode-safetensors';
import { encodeSafetensors } from './encode-safetensors';
import { WeightsError } from './errors';

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

/** Pieces that a hostile header might be made of. */
const PIECES = [
  '{', '}', '[', ']', ',', ':', '"', '\\', '\\u0000', '\\ud800', ' ', '\0', '-1', '0', '00', '1e9', '0.5', '1', '4', '24',
  '4294967296', '9007199254740991', '18446744073709551616', 'null', 'true', '"x"', '""', '"F32"', '"I64"', '"dtype"',
  '"shape"', '"data_offsets"', '"__proto__"', '"__metadata__"', '"constructor"', '[0,4]', '[0,0]', '{}', '[]', '[[[[[[',
  '{"a":{"a":{"a":', '"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},', '\ufeff', 'é', '\u{1f600}',
].map((piece) => Buffer.from(piece)); // prettier-ignore

function mutate(random: (bound: number) => number): Uint8Array {
  let bytes = Buffer.from(valid);
  for (let count = 1 + random(4); count > 0; count--) {
    const headerEnd = 8 + Math.min(bytes.length - 8, bytes.length >= 8 ? bytes.readUInt32LE(0) : 0);
    const at = random(2) ? random(bytes.length + 1) : Math.min(8 + random(Math.max(1, headerEnd - 8)), bytes.length);
    switch (random(9)) {
      case 0:
        if (at < bytes.length) bytes[at]! ^= 1 << random(8);
        break;
      case 1:
        if (at < bytes.length) bytes[at] = random(256);
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3: // a range left out
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random(12))]);
        break;
      case 4: // a range repeated
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - random(60)))]);
        break;
      case 5: // a piece put in
        bytes = Buffer.concat([bytes.subarray(0, at), PIECES[random(PIECES.length)]!, bytes.subarray(at)]);
        break;
      case 6: {
        // a piece instead of what is there
        const piece = PIECES[random(PIECES.length)]!;
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + piece.length)]);
        break;
      }
      case 7: {
        // one number of the header replaced by another
        const text = bytes.toString('latin1');
        const numbers = [...text.slice(8, headerEnd).matchAll(/\d+/g)];
        const match = numbers[random(Math.max(1, numbers.length))];
        if (match === undefined) break;
        const first = 8 + match.index;
        const number = [random(40), random(2 ** 30), 2 ** 53 - 1, 2 ** 53][random(4)] as number;
        bytes = Buffer.concat([
          bytes.subarray(0, first),
          Buffer.from(String(number)),
          bytes.subarray(first + match[0].length),
        ]);
        break;
      }
      default: // another header length
        if (bytes.length >= 8) bytes[random(8)] = random(3) ? random(256) : 255;
    }
    // Half the time the length is put right, or hardly a mutation would get past the first check.
    const growth = bytes.length - valid.length;
    if (random(2) && bytes.length >= 8) bytes.writeUInt32LE(Math.max(0, valid[0]! + 256 * valid[1]! + growth), 0);
  }
  return Uint8Array.from(bytes);
}

describe('decodeSafetensors on mutated files', () => {
  const FILES = 100_000;

  it('either reads them, soundly, or throws a WeightsError', () => {
    const random = generator(20160622);
    const outcomes = new Map<string, number>();
    for (let i = 0; i < FILES; i++) {
      const bytes = mutate(random);
      let outcome = 'read';
      try {
        const { tensors, metadata } = decodeSafetensors(bytes);
        let size = 0;
        for (const { shape, data } of Object.values(tensors)) {
          if (data.length !== shape.reduce((product, d) => product * d, 1)) throw new Error('wrong number of elements');
          size += data.byteLength;
        }
        if (size > bytes.length) throw new Error('more data than the file has');
        const again = encodeSafetensors(tensors, { metadata });
        const twice = decodeSafetensors(again);
        if (Buffer.compare(again, encodeSafetensors(twice.tensors, { metadata: twice.metadata })) !== 0) {
          throw new Error('not the same after writing and reading again');
        }
      } catch (error) {
        if (!(error instanceof WeightsError)) {
          throw new Error(`file ${i}: ${Buffer.from(bytes).toString('base64')}`, { cause: error });
        }
        outcome = error.code;
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }

    // The mutations reach every part of the reader, or this test would say little.
    expect([...outcomes.keys()].sort()).toEqual([
      'INVALID_HEADER',
      'INVALID_LAYOUT',
      'INVALID_TENSOR',
      'TRUNCATED',
      'UNSUPPORTED_DTYPE',
      'read',
    ]);
    for (const count of outcomes.values()) expect(count).toBeGreaterThan(FILES / 1000);
  });

  it('reads or refuses bytes without any form', () => {
    const random = generator(7);
    for (let i = 0; i < 5000; i++) {
      const bytes = Uint8Array.from({ length: random(64) }, () => random(256));
      // A plausible length in half of them.
      if (i % 2 && bytes.length >= 9) bytes.set([random(56), 0, 0, 0, 0, 0, 0, 0, 0x7b]);
      try {
        decodeSafetensors(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(WeightsError);
      }
    }
  });
});
