// Images drawn by another program: fixtures/make_images.py.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeNpy } from '@taggerjs/weights';
import { encode } from 'fast-png';

import { readInputs } from './read-inputs';

const fixture = (name: string) => join(__dirname, '../../fixtures', name);
const options = { inputShape: [20, 20], binary: true, invert: false };
const one = async (name: string, more = {}) => (await readInputs([fixture(name)], { ...options, ...more }))[0];

/** The frame and the triangle of the images, as text. */
function drawn(values: ArrayLike<number>): string {
  return Array.from({ length: 20 }, (_, y) =>
    Array.from({ length: 20 }, (_, x) => (values[20 * y + x] ? '#' : '.')).join(''),
  ).join('\n');
}

const EXPECTED = [
  ...Array.from({ length: 3 }, () => '....................'),
  ...Array.from({ length: 2 }, () => '..#######...........'),
  ...Array.from({ length: 3 }, () => '..##...##...........'),
  ...Array.from({ length: 2 }, () => '..#######...........'),
  ...Array.from({ length: 2 }, () => '....................'),
].join('\n');

describe('readInputs', () => {
  it.each([
    'bits.png',
    'grey.png',
    'deep.png',
    'color.png',
    'opaque.png',
    'palette-1.png',
    'palette-2.png',
    'palette-4.png',
    'palette-8.png',
    'image.npy',
  ])('reads the same image from %s', async (name) => {
    const input = await one(name);
    expect(drawn(input?.values ?? []).startsWith(EXPECTED)).toBe(true);
    expect(input?.values).toEqual((await one('bits.png'))?.values);
    expect(input).toMatchObject({ source: fixture(name), name: name.replace(/\.\w+$/, '') });
  });

  it('reads colors for a model with three channels', async () => {
    const color = { inputShape: [20, 20, 3], binary: false };
    const data = Uint8Array.from({ length: 1200 }, (_, i) => i % 256);
    const folder = await mkdtemp(join(tmpdir(), 'taggerjs-inputs-'));
    await writeFile(join(folder, 'image.png'), encode({ width: 20, height: 20, channels: 3, depth: 8, data }));
    const [input] = await readInputs([join(folder, 'image.png')], { ...options, ...color });
    await rm(folder, { recursive: true });
    expect(input?.values).toEqual(Float32Array.from(data, (value) => value / 255));
    expect((await one('grey.png', color))?.values).toHaveLength(1200);
  });

  it.each([
    ['moves the channels of', [3, 8, 9], 'moveaxis'],
    ['moves the channels of a batch of', [2, 3, 8, 9], 'moveaxis'],
    ['reshapes other', [9, 8, 3], 'Reshape'],
  ] as const)('refuses an array that does not fit, with advice that %s images', async (_, shape, advice) => {
    const folder = await mkdtemp(join(tmpdir(), 'tagger-inputs-'));
    const path = join(folder, 'images.npy');
    const data = new Float32Array(shape.reduce<number>((product, length) => product * length, 1));
    await writeFile(path, encodeNpy({ dtype: 'F32', shape, data }));
    const color = { inputShape: [8, 9, 3], binary: false, invert: false };
    await expect(readInputs([path], color)).rejects.toThrow(advice);
    await rm(folder, { recursive: true });
  });

  it('refuses PNG images for other channels', async () => {
    await expect(one('color.png', { inputShape: [20, 20, 2], binary: false })).rejects.toMatchObject({ code: 'INPUT' });
  });

  it('reads each image of a batch', async () => {
    const [first, second] = await readInputs([fixture('batch.npy')], options);
    expect(first).toMatchObject({ name: 'batch-0', index: 0, values: (await one('bits.png'))?.values });
    const upsideDown = drawn(first?.values ?? [])
      .split('\n')
      .reverse()
      .join('\n');
    expect(drawn(second?.values ?? [])).toBe(upsideDown);
  });

  it('inverts inputs', async () => {
    const [plain, inverted] = [await one('grey.png'), await one('grey.png', { invert: true })];
    expect(inverted?.values).toEqual(plain?.values.map((value) => 1 - value));
  });

  it('gives each input a unique name', async () => {
    const names = (await readInputs([fixture('bits.png'), fixture('bits.png')], options)).map(({ name }) => name);
    expect(names).toEqual(['bits', 'bits-2']);
  });

  it.each([
    ['transparent.png', {}],
    ['bits.png', { inputShape: [28, 28] }],
    ['image.npy', { inputShape: [28, 28] }],
    ['make_images.py', {}],
  ])('refuses %s with %j', async (name, more) => {
    await expect(one(name, more)).rejects.toThrow(expect.objectContaining({ code: 'INPUT' }));
  });

  it('refuses a missing file', async () => {
    await expect(one('nowhere.png')).rejects.toThrow(expect.objectContaining({ code: 'FILE' }));
  });
});
