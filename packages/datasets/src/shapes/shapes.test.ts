import { createRandom } from '@taggerjs/random';

import type { Split } from '../contract/split';
import { generateShapes } from './generate-shapes';
import { shapes, type ShapesOptions } from './shapes';

describe('shapes', () => {
  it.each<[Split, number]>([
    ['train', 50_000],
    ['validation', 10_000],
    ['test', 10_000],
  ])('has in %s %p images of 20 x 20', (split, size) => {
    expect(shapes({ split })).toMatchObject({
      name: `shapes/${split}`,
      size,
      inputShape: [20, 20],
      labelsPerExample: 3,
    });
  });

  it('returns the images of its seed and split, with segments and kinds', async () => {
    const { inputs, segments, labels } = await shapes({ split: 'test', size: 30, seed: 4 }).examples([7, 29, 7]);
    const raw = generateShapes(createRandom(4).fork('shapes', 'test'), 30);
    for (const [at, image] of [7, 29, 7].entries()) {
      const of = (array: ArrayLike<number>, width: number, i: number) =>
        Array.from(array).slice(i * width, (i + 1) * width);
      expect(of(inputs, 400, at)).toEqual(of(raw.inputs, 400, image));
      expect(of(segments!, 400, at)).toEqual(of(raw.segments, 400, image));
      expect(of(labels!, 3, at)).toEqual(of(raw.kinds, 3, image));
    }
  });

  it('has a background where no shape is, which the AMI ignores like overlaps', async () => {
    const { inputs, segments, background } = await shapes({ split: 'test' }).examples([0, 1, 2]);
    expect([...background!]).toEqual(Array.from(inputs, (value) => 1 - value));
    expect(segments!.filter((_, i) => background![i] === 1).every((segment) => segment === 255)).toBe(true);
    expect(segments!.some((segment, i) => background![i] === 0 && segment === 255)).toBe(true);
  });

  it('has the same images at any size', async () => {
    const few = await shapes({ split: 'train', size: 10 }).examples([0, 9]);
    expect(await shapes({ split: 'train' }).examples([0, 9])).toEqual(few);
  });

  it('has other images for other splits and seeds', async () => {
    const first = async (options: ShapesOptions) => (await shapes(options).examples([0, 1, 2])).inputs;
    const train = await first({ split: 'train' });
    expect(await first({ split: 'validation' })).not.toEqual(train);
    expect(await first({ split: 'test' })).not.toEqual(train);
    expect(await first({ split: 'train', seed: 1 })).not.toEqual(train);
    expect(await first({ split: 'train', seed: 0 })).toEqual(train);
  });

  it('has batches that repeat, can be continued, and match their examples', async () => {
    const collect = async (from: number) => {
      const batches = [];
      for await (const batch of shapes({ split: 'train', size: 70 }).batches({
        batchSize: 20,
        seed: 2,
        from,
        epochs: 3,
      }))
        batches.push(batch);
      return batches;
    };
    const all = await collect(0);
    expect(all).toHaveLength(9);
    expect(await collect(0)).toEqual(all);
    expect(await collect(5)).toEqual(all.slice(5));
    const { position: _position, epoch: _epoch, ...examples } = all[4]!;
    expect(await shapes({ split: 'train', size: 70 }).examples(all[4]!.indices)).toEqual(examples);
  });

  it('has a mean of 0.2844, and the standard deviation of zeros and ones of that mean', async () => {
    const { mean, standardDeviation } = await shapes({ split: 'train' }).statistics();
    expect(mean).toBeCloseTo(0.2844, 3);
    expect(standardDeviation).toBeCloseTo(Math.sqrt(mean * (1 - mean)), 10);
  });

  it('accepts another canvas and number of shapes', async () => {
    const dataset = shapes({ split: 'train', size: 5, canvas: [12, 16], shapesPerImage: 2 });
    expect(dataset).toMatchObject({ inputShape: [12, 16], labelsPerExample: 2 });
    const { inputs, labels } = await dataset.examples([4]);
    expect([inputs.length, labels!.length]).toEqual([192, 2]);
  });

  it.each([
    ['split', { split: 'toString' }],
    ['split', {}],
    ['size', { split: 'test', size: 0 }],
    ['canvas', { split: 'test', canvas: [5, 5] }],
  ])('refuses a bad %s: %p', (option, options) => {
    expect(() => shapes(options as ShapesOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(option) }),
    );
  });
});
