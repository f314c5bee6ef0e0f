import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { shapes } from '../shapes/shapes';
import { FUEL_TYPES, fuelSplits, writeFuelFile } from '../testing/fuel-file';
import { loadData } from './load-data';
import { expectRefusal } from '../testing/expect-refusal';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taggerjs-hdf5-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SIZES = { train: 50, validation: 20, test: 30 };
const range = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);

/** Shapes in the original project's layout: masks 1 for the one shape, a third each where none or several are. */
async function shapesArrays() {
  const parts = await Promise.all(
    (['train', 'validation', 'test'] as const).map((split) =>
      shapes({ split, size: SIZES[split] }).examples(range(SIZES[split])),
    ),
  );
  const inputs = parts.flatMap((part) => [...part.inputs]);
  const segments = parts.flatMap((part) => [...part.segments!]);
  const size = segments.length / 400;
  const mask = new Float32Array(size * 3 * 400);
  segments.forEach((segment, at) => {
    for (let k = 0; k < 3; k++)
      mask[(Math.floor(at / 400) * 3 + k) * 400 + (at % 400)] = segment === 255 ? 1 / 3 : Number(segment === k);
  });
  return { parts, size, features: Float32Array.from(inputs), mask, targets: new Uint8Array(size).fill(9) };
}

describe("a file of the original project's layout", () => {
  it.each([
    ['plain', undefined],
    ['packed', 'gzip'],
  ] as const)('%s, gives the same arrays and splits', async (name, compression) => {
    const { parts, size, features, mask, targets } = await shapesArrays();
    const path = join(folder, `${name}.h5`);
    await writeFuelFile(path, {
      arrays: [
        { name: 'features', data: features, shape: [size, 400], compression },
        { name: 'mask', data: mask, shape: [size, 3, 400], compression },
        { name: 'targets', data: targets, shape: [size, 1], compression },
      ],
      splits: fuelSplits(['features', 'mask', 'targets'], [['train', 0, 50], ['valid', 50, 70], ['test', 70, 90], ['single', 90, 100]]), // prettier-ignore
    });
    const loaded = await loadData(path, { inputShape: [20, 20] });
    for (const [i, split] of (['train', 'validation'] as const).entries()) {
      expect(loaded[split]).toMatchObject({
        name: `${path}/${split}`,
        size: SIZES[split],
        inputShape: [20, 20],
        labelsPerExample: 1,
      });
      const examples = await loaded[split].examples(range(SIZES[split]));
      expect(examples.inputs).toEqual(parts[i]!.inputs);
      expect(examples.segments).toEqual(parts[i]!.segments);
      expect(examples.labels).toEqual(new Uint8Array(SIZES[split]).fill(9));
    }
    // As in the original, where a part 'single' comes after it.
    expect(loaded.test.size).toBe(20);
    expect((await loaded.test.examples(range(20))).inputs).toEqual(parts[2]!.inputs.subarray(0, 20 * 400));
  });

  it('may have one channel, two labels and soft masks', async () => {
    const path = join(folder, 'digits.h5');
    const features = Float32Array.from({ length: 4 * 6 }, (_, i) => i / 24);
    // Of three layers, [4, 3, 1, 2, 3]: each element belongs to layer n % 3, by as much as its number says.
    const mask = new Float32Array(4 * 3 * 6);
    for (let example = 0; example < 4; example++)
      for (let n = 0; n < 6; n++) mask[(example * 3 + (n % 3)) * 6 + n] = n < 4 ? 1 : 0.9;
    await writeFuelFile(path, {
      arrays: [
        { name: 'features', data: features, shape: [4, 1, 2, 3] },
        { name: 'mask', data: mask, shape: [4, 3, 1, 2, 3] },
        { name: 'targets', data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), shape: [4, 2] },
      ],
      splits: fuelSplits(['features', 'mask', 'targets'], [['train', 0, 2], ['valid', 2, 3], ['test', 3, 4]]), // prettier-ignore
    });
    const { train, test } = await loadData(path);
    expect(train).toMatchObject({ size: 2, inputShape: [2, 3], labelsPerExample: 2 });
    const { inputs, segments, labels } = await train.examples([0, 1]);
    expect(inputs).toEqual(features.subarray(0, 12));
    expect([...segments!]).toEqual([0, 1, 2, 0, 255, 255, 0, 1, 2, 0, 255, 255]);
    expect([...labels!]).toEqual([1, 2, 3, 4]);
    expect([...(await test.examples([0])).labels!]).toEqual([7, 8]);
    const soft = await loadData(path, { ignoreUpTo: 0.8 });
    expect([...(await soft.train.examples([0])).segments!]).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('without the attribute is split at random', async () => {
    const path = join(folder, 'whole.h5');
    await writeFuelFile(path, {
      arrays: [{ name: 'features', data: Uint8Array.from({ length: 40 }, (_, i) => i), shape: [20, 2] }],
    });
    const { train, validation, test } = await loadData(path);
    expect([train.size, validation.size, test.size]).toEqual([16, 2, 2]);
    // Bytes become gray values.
    const first = await train.examples(range(16));
    expect(Math.max(...first.inputs)).toBeLessThanOrEqual(39 / 255 + 1e-7);
  });
});

describe('what is refused', () => {
  const features = { name: 'features', data: new Float32Array(40), shape: [20, 2] } as const;
  it.each<[string, Parameters<typeof writeFuelFile>[1]]>([
    ['UNSUPPORTED_FILE', { arrays: [{ ...features, name: 'x' }] }],
    ['INVALID_DATA', { arrays: [features], splits: fuelSplits(['features'], [['test', 0, 20]]) }], // prettier-ignore
    ['INVALID_DATA', { arrays: [features], splits: fuelSplits(['features'], [['train', 0, 21]]) }], // prettier-ignore
    ['INVALID_DATA', { arrays: [features, { name: 'targets', data: new Uint8Array(10), shape: [10, 1] }] }], // prettier-ignore
    ['INVALID_DATA', { arrays: [features, { name: 'mask', data: new Float32Array(60), shape: [20, 3] }] }], // prettier-ignore
    ['UNSUPPORTED_FILE', { arrays: [{ name: 'features', data: ['a', 'b'], shape: [2] }] }],
    ['UNSUPPORTED_FILE', { arrays: [features], splits: { data: new Map([['split', ['train']]]), shape: [1], types: [FUEL_TYPES[0]!] } }], // prettier-ignore
  ])('with %s (%#)', async (code, file) => {
    const path = join(folder, 'bad.h5');
    await writeFuelFile(path, file);
    await expectRefusal(loadData(path), code, folder);
  });

  it('a truncated file', async () => {
    const path = join(folder, 'cut.h5');
    await writeFuelFile(path, { arrays: [{ name: 'features', data: new Float32Array(4000), shape: [20, 200] }] });
    await truncate(path, 8000);
    await expect(loadData(path)).rejects.toMatchObject({
      name: 'DatasetError',
      code: 'INVALID_FILE',
      message: expect.stringContaining('truncated file'),
    });
  });

  it('arrays larger than maxBytes', async () => {
    const path = join(folder, 'large.h5');
    await writeFuelFile(path, { arrays: [{ name: 'features', data: new Float32Array(4000), shape: [20, 200] }] });
    await expect(loadData(path, { maxBytes: 15_999 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect((await loadData(path, { maxBytes: 16_000 })).train.size).toBe(16);
  });
});
