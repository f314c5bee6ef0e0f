import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { encode } from 'fast-png';
import { zlibSync } from 'fflate';

import { decodePng } from './decode-png';
import { expectRefusal } from '../testing/expect-refusal';

/** Drawn by another program. */
const fixture = (name: string) => new Uint8Array(readFileSync(join(__dirname, '../../fixtures', name)));

const u32 = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}
const chunk = (type: string, data: ArrayLike<number>): number[] => {
  const body = Uint8Array.of(...[...type].map((letter) => letter.charCodeAt(0)), ...Array.from(data));
  return [...u32(data.length), ...body, ...u32(crc(body))];
};
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** An image of one gray byte a pixel. */
function png(width: number, height: number, rows: Uint8Array, more: number[] = [], kind: number[] = [8, 0, 0, 0, 0]) {
  const header = chunk('IHDR', [...u32(width), ...u32(height), ...kind]);
  return Uint8Array.of(...SIGNATURE, ...header, ...more, ...chunk('IDAT', zlibSync(rows)), ...chunk('IEND', []));
}

describe('decodePng', () => {
  it('converts colors to gray with the weights of Rec. 601', async () => {
    const { height, width, depth, values } = await decodePng(fixture('red-green-blue.png'));
    expect([height, width, depth]).toEqual([1, 3, 8]);
    [0.299, 0.587, 0.114].forEach((gray, n) => expect(values[n]).toBeCloseTo(gray, 6));
  });

  it('keeps the colors with three channels, and repeats gray', async () => {
    const color = await decodePng(fixture('red-green-blue.png'), { channels: 3 });
    expect([...color.values]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    const gray = new Uint8Array(encode({ width: 2, height: 1, depth: 8, channels: 1, data: Uint8Array.of(0, 255) }));
    expect([...(await decodePng(gray, { channels: 3 })).values]).toEqual([0, 0, 0, 1, 1, 1]);
    const palette = await decodePng(fixture('palette-4.png'), { channels: 3 });
    expect(palette.values).toHaveLength(3 * palette.height * palette.width);
  });

  it('refuses other numbers of channels', () =>
    expectRefusal(decodePng(fixture('bits.png'), { channels: 2 }), 'INVALID_OPTION'));

  it.each([
    [8, Uint8Array.of(0, 255, 51, 102, 204, 1)],
    [16, Uint16Array.of(0, 65535, 13107, 1, 2, 3)],
  ] as const)('reads %p bits', async (depth, data) => {
    const bytes = new Uint8Array(encode({ width: 3, height: 2, depth, channels: 1, data }));
    expect(await decodePng(bytes)).toEqual({
      height: 2,
      width: 3,
      depth,
      colored: false,
      values: Float32Array.from(data, (value) => value / (2 ** depth - 1)),
    });
  });

  it('reads the same image from bits and from a palette', async () => {
    const [bits, palette] = [await decodePng(fixture('bits.png')), await decodePng(fixture('palette-4.png'))];
    expect(bits.values).toEqual(palette.values);
    expect([bits.colored, palette.colored]).toEqual([false, true]);
    expect(new Set(bits.values)).toEqual(new Set([0, 1]));
  });

  it('ignores texts and profiles, whatever their decompressed size', async () => {
    const profile = chunk('iCCP', [120, 0, 0, ...zlibSync(new Uint8Array(50_000_000))]);
    const before = process.memoryUsage().arrayBuffers;
    expect((await decodePng(png(1, 1, Uint8Array.of(0, 51), profile))).values[0]).toBeCloseTo(0.2, 6);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
  });

  it('passes the size to check before it decompresses', async () => {
    const sizes: number[][] = [];
    const check = (...size: number[]) => {
      sizes.push(size);
      throw new Error('too wide');
    };
    await expect(decodePng(png(7, 2, new Uint8Array(16)), { check })).rejects.toThrow('too wide');
    expect(sizes).toEqual([[2, 7]]);
  });

  it.each<[string, Uint8Array, object?]>([
    ['TRUNCATED_FILE', Uint8Array.from(SIGNATURE.slice(0, 3))],
    ['INVALID_FILE', Uint8Array.of(1, 2, 3)],
    ['TRUNCATED_FILE', Uint8Array.from(SIGNATURE)],
    ['INVALID_FILE', Uint8Array.of(...SIGNATURE, ...chunk('IEND', []))],
    ['INVALID_FILE', png(0, 1, Uint8Array.of(0))],
    ['INVALID_FILE', png(1, 1, Uint8Array.of(0, 0), [], [8, 1, 0, 0, 0])],
    ['INVALID_FILE', png(1, 1, Uint8Array.of(0, 0), [], [8, 3, 0, 0, 0])],
    ['INVALID_FILE', png(1, 1, Uint8Array.of(0, 0), [], [8, 0, 1, 0, 0])],
    ['UNSUPPORTED_FILE', png(1, 1, Uint8Array.of(0, 0), [], [1, 0, 0, 0, 1])],
    ['UNSUPPORTED_FILE', png(1, 1, Uint8Array.of(0, 0), chunk('QUIT', []))],
    ['INVALID_FILE', png(50_000, 5_000, Uint8Array.of(0))],
    ['INVALID_FILE', png(1, 2, Uint8Array.of(0, 1, 0))],
    ['INVALID_FILE', png(1, 1, new Uint8Array(1000))],
    ['TOO_LARGE', png(2, 2, new Uint8Array(6)), { maxBytes: 19 }], // prettier-ignore
    ['UNSUPPORTED_FILE', png(1, 1, Uint8Array.of(0, 9, 0), [], [8, 4, 0, 0, 0])],
  ])('refuses with %s (%#)', async (code, bytes, options = {}) => {
    await expectRefusal(decodePng(bytes, { name: 'picture', ...options }), code);
  });

  it('refuses every truncated file and every flipped bit with a DatasetError', async () => {
    const whole = fixture('bits.png');
    const outcomes: string[] = [];
    const attempt = (mutated: Uint8Array) =>
      decodePng(mutated).then(
        () => outcomes.push('read'),
        (error: Error) => outcomes.push(error.name),
      );
    for (let length = 0; length < whole.length; length++) await attempt(whole.slice(0, length));
    expect(outcomes).toEqual(Array(whole.length).fill('DatasetError'));
    for (let at = 0; at < whole.length; at++) {
      const changed = Uint8Array.from(whole);
      changed[at]! ^= 1 << (at % 8);
      await attempt(changed);
    }
    // Every byte is a checksum's or under one, but that of IEND may be any.
    expect(outcomes.filter((outcome) => outcome === 'read').length).toBeLessThanOrEqual(4);
    expect(new Set(outcomes).size).toBeLessThanOrEqual(2);
  });
});
