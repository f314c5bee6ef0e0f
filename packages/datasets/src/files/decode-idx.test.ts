import { gzipSync } from 'node:zlib';

import { DatasetError } from '../errors';
import { decodeIdx, readIdxChunks } from './decode-idx';
import { expectRefusal } from '../testing/expect-refusal';

/** An IDX file. */
function idx(type: number, shape: readonly number[], body: readonly number[] | Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + body.length);
  bytes.set([0, 0, type, shape.length]);
  shape.forEach((size, axis) => new DataView(bytes.buffer).setUint32(4 + 4 * axis, size));
  bytes.set(body, 4 + 4 * shape.length);
  return bytes;
}
const small = idx(0x08, [2, 3], [1, 2, 3, 4, 5, 255]);
const gzip = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));

describe('decodeIdx', () => {
  it.each([
    ['U8', 0x08, [200, 1], [200, 1]],
    ['I8', 0x09, [200, 1], [-56, 1]],
    ['I16', 0x0b, [0xff, 0xfe, 1, 0], [-2, 256]],
    ['I32', 0x0c, [0xff, 0xff, 0xff, 0xfe, 0, 0, 1, 0], [-2, 256]],
    ['F32', 0x0d, [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0], [1, -2]],
    ['F64', 0x0e, [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0], [1, -2]],
  ])('reads numbers of type %s, big-endian', async (dtype, type, body, values) => {
    for (const file of [idx(type, [2], body), gzip(idx(type, [2], body))]) {
      const tensor = await decodeIdx(file);
      expect(tensor).toMatchObject({ dtype, shape: [2] });
      expect([...tensor.data]).toEqual(values);
    }
  });

  it('reads arrays of several axes, and empty ones', async () => {
    expect(await decodeIdx(small)).toEqual({ dtype: 'U8', shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 255) });
    expect((await decodeIdx(idx(0x08, [0, 28], []))).shape).toEqual([0, 28]);
  });

  it('reads large gzip files in chunks', async () => {
    const body = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * i) % 251);
    const { data } = await decodeIdx(gzip(idx(0x08, [3000, 1000], body)));
    expect(Buffer.compare(data as Uint8Array, body)).toBe(0);
  });

  it('returns a copy', async () => {
    const { data } = await decodeIdx(small);
    (data as Uint8Array).fill(0);
    expect(small.at(-1)).toBe(255);
  });

  it.each<[string, Uint8Array, object?]>([
    ['TRUNCATED_FILE', new Uint8Array(0)],
    ['TRUNCATED_FILE', small.subarray(0, 11)],
    ['TRUNCATED_FILE', small.subarray(0, 17)],
    ['INVALID_FILE', Uint8Array.of(...small, 0)],
    ['INVALID_FILE', Uint8Array.of(1, ...small.subarray(1))],
    ['INVALID_FILE', idx(7, [1], [0])],
    ['INVALID_FILE', idx(8, [], [0])],
    ['INVALID_FILE', idx(8, [0xffffffff, 0xffffffff], [0])],
    ['TOO_LARGE', small, { maxBytes: 5 }],
    ['TRUNCATED_FILE', gzip(small.subarray(0, 17))],
    ['INVALID_FILE', gzip(Uint8Array.of(...small, 0))],
    ['INVALID_FILE', gzip(small).subarray(0, 20)],
    ['INVALID_FILE', gzip(idx(8, [1_000_000_000], []))],
    // The last four bytes but four are the checksum.
    ['INVALID_FILE', gzip(small).map((byte, i, { length }) => (i === length - 8 ? byte ^ 1 : byte))],
  ])('refuses with %s (%#)', async (code, bytes, options: object = {}) => {
    await expectRefusal(decodeIdx(bytes, { name: 'digits', ...options }), code);
  });

  it('stops decompressing a gzip file that is larger than its header says', async () => {
    // 200 MB of zeros in 200 kB.
    const bomb = gzip(new Uint8Array(200_000_000));
    const file = gzip(idx(8, [1_000], new Uint8Array(200_000_000)));
    await expect(decodeIdx(bomb)).rejects.toMatchObject({ code: 'INVALID_FILE' });
    const before = process.memoryUsage().arrayBuffers;
    await expect(decodeIdx(file)).rejects.toMatchObject({ code: 'INVALID_FILE' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150_000_000);
  });

  it.each(['plain', 'gzip'])(
    'of %s, passes on what goes wrong while the file is read, and does not wait',
    async (kind) => {
      const bytes = kind === 'gzip' ? gzip(small) : small;
      const failure = new DatasetError('TRUNCATED_FILE', 'it became shorter meanwhile.');
      async function* chunks() {
        yield bytes.subarray(0, 15);
        throw failure;
      }
      const how = { name: 'digits', maxBytes: 1000, fileBytes: bytes.length };
      await expect(readIdxChunks(chunks(), how)).rejects.toBe(failure);
    },
  );

  it('refuses anything but a Uint8Array', async () => {
    await expect(decodeIdx('digits' as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
