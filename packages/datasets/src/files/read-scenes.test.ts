import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeNpy } from '@taggerjs/weights';
import h5wasm from 'h5wasm/node';

import { expectRefusal } from '../testing/expect-refusal';
import { objectAt, valueAt, writeSceneFile, type SceneFile } from '../testing/scene-file';
import { loadData, type LoadDataOptions } from './load-data';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taggerjs-scenes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SCENE: SceneFile = { layout: 'efficient-morl', size: 12, rows: 6, columns: 8, objects: 4 };
const PIXELS = 48;

/** Writes a file and loads it. */
async function load(name: string, scene: Partial<SceneFile> = {}, options: LoadDataOptions = {}) {
  const path = join(folder, `${name}.h5`);
  await writeSceneFile(path, { ...SCENE, ...scene });
  return loadData(path, options);
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe.each(['efficient-morl', 'object-centric-library'] as const)('a file in the layout of %s', (layout) => {
  it.each([
    ['plain', {}],
    ['packed', { compression: 'gzip' }],
  ] as const)('%s, has its images, the number of the object of each pixel, and the background', async (name, how) => {
    const loaded = await load(`${layout}-${name}`, { layout, ...how });
    // One layout has a split 'test', the other none.
    const { train, test } = loaded;
    expect(train.inputShape).toEqual([6, 8, 3]);
    expect(train.labelsPerExample).toBe(0);
    const split = layout === 'efficient-morl' ? test : train;
    const { inputs, segments, background } = await split.examples(range(split.size));
    const images = new Set<number>();
    for (let example = 0; example < split.size; example++) {
      const image = range(12).find((i) => inputs[example * PIXELS * 3] === Math.fround(valueAt(i, 0, 0, 0) / 255))!;
      images.add(image);
      for (let pixel = 0; pixel < PIXELS; pixel++) {
        const [row, column] = [Math.floor(pixel / 8), pixel % 8];
        const at = example * PIXELS + pixel;
        const object = objectAt({ ...SCENE, layout }, image, row, column);
        expect([segments![at], background![at]]).toEqual([object, Number(object === 0)]);
        for (const channel of [0, 1, 2])
          expect(inputs[3 * at + channel]).toBeCloseTo(valueAt(image, row, column, channel) / 255, 6);
      }
    }
    expect(images.size).toBe(split.size);
  });

  it('is reduced while it is read: images with at most two objects, a part of each, half as large', async () => {
    const { train, validation, test } = await load(
      `${layout}-reduced`,
      { layout, splits: ['train', 'val', 'test'] },
      { maxObjects: 2, crop: [0, 2, 4, 4], resize: [2, 2] },
    );
    // Of every four images, two have one object or two.
    const sizes = [train.size, validation.size, test.size];
    expect(layout === 'efficient-morl' ? sizes : sizes.reduce((sum, size) => sum + size)).toEqual(
      layout === 'efficient-morl' ? [6, 6, 6] : 6,
    );
    expect(train.inputShape).toEqual([2, 2, 3]);
    const { inputs, segments } = await train.examples([0]);
    expect(Math.max(...segments!)).toBeLessThanOrEqual(2);
    const first = range(12).map((image) =>
      Math.round([0, 1].flatMap((y) => [2, 3].map((x) => valueAt(image, y, x, 0))).reduce((a, b) => a + b) / 4),
    );
    expect(first).toContain(Math.round(inputs[0]! * 255));
  });

  it('may have no masks', async () => {
    const { train } = await load(`${layout}-no-masks`, { layout, masks: false });
    const examples = await train.examples([0]);
    expect(examples.segments).toBeUndefined();
    expect(examples.background).toBeUndefined();
    await expectRefusal(load(`${layout}-none`, { layout, masks: false }, { maxObjects: 2 }), 'INVALID_OPTION', folder);
  });

  it('keeps its images in less memory than maxBytes, or is refused', async () => {
    const reduced = { layout, size: 40, rows: 40, columns: 40, objects: 2 } as const;
    const small = { maxBytes: 30_000, resize: [4, 4] as const };
    expect((await load(`${layout}-small`, { ...reduced, compression: 'gzip' }, small)).train.size).toBeGreaterThan(30);
    await expectRefusal(load(`${layout}-large`, reduced, { maxBytes: 30_000 }), 'TOO_LARGE', folder);
  });
});

it.each([
  ['a part outside of the image', { crop: [0, 0, 7, 8] }],
  ['a part that is no part', { crop: [0, 0, 7] }],
  ['a size of 0', { resize: [0, 4] }],
  ['no object', { maxObjects: 0 }],
] as const)('a file is refused for %s', async (name, options) => {
  await expectRefusal(load(name, {}, options as unknown as LoadDataOptions), 'INVALID_OPTION', folder);
});

it('masks of as many pixels in another shape are refused', async () => {
  const path = join(folder, 'other-masks.h5');
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w');
  file.create_dataset({ name: 'image', data: new Uint8Array(144), shape: [2, 4, 6, 3] });
  file.create_dataset({ name: 'mask', data: new Uint8Array(48), shape: [2, 4, 2, 3] });
  file.flush();
  file.close();
  await expectRefusal(loadData(path), 'INVALID_DATA', folder);
});

it('another format is refused with options for scenes', async () => {
  const path = join(folder, 'plain.npy');
  await writeFile(path, encodeNpy({ dtype: 'U8', shape: [20, 4], data: new Uint8Array(80) }));
  await expectRefusal(loadData(path, { maxObjects: 6 }), 'INVALID_OPTION', folder);
  await expectRefusal(loadData(folder, { resize: [2, 2] }), 'INVALID_OPTION', folder);
});
