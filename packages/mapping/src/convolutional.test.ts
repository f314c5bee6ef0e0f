import { checkOperation, filled, type ReferenceTensor } from '@taggerjs/nn/testing';
import { readTree } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { convolutional } from './convolutional';
import { convolve, neighborhoodsOperation } from './neighborhoods';
import { double, halve, rearrangeOperation, toPixels } from './rearrange';
import { checkCore } from './testing';

type Inputs = Readonly<Record<string, ReferenceTensor>>;

/** Every pixel with its neighbors, in plain loops. */
function neighborhoods({ x }: Inputs, { images, rows, columns }: { images: number; rows: number; columns: number }) {
  const C = x!.shape[1]!;
  const data = new Float64Array(9 * x!.data.length);
  let at = 0;
  for (let image = 0; image < images; image++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (const [di, dj] of [-1, 0, 1].flatMap((a) => [-1, 0, 1].map((b) => [a, b] as const)))
          for (let c = 0; c < C; c++) {
            const [r, s] = [i + di, j + dj];
            const inside = r >= 0 && r < rows && s >= 0 && s < columns;
            data[at++] = inside ? x!.data[((image * rows + r) * columns + s) * C + c]! : 0;
          }
  return [{ shape: [images * rows * columns, 9 * C], data }];
}

describeBackends('convolutions', () => {
  it.each([
    [1, 1, 1, 1],
    [2, 3, 4, 2],
    [1, 2, 5, 3],
  ])('neighborhoods of %i images of %i x %i pixels of %i channels', async (images, rows, columns, C) => {
    const inputs = { x: filled([images * rows * columns, C]) };
    await checkOperation(neighborhoodsOperation, {
      inputs,
      attributes: { images, rows, columns },
      reference: neighborhoods,
    });
  });

  it('rearranges values and gradients', async () => {
    const [view, order] = [
      [2, 3, 4],
      [2, 0, 1],
    ];
    const reference = ({ x }: Inputs): ReferenceTensor[] => {
      const data = new Float64Array(24);
      for (let a = 0; a < 2; a++)
        for (let b = 0; b < 3; b++)
          for (let c = 0; c < 4; c++) data[(c * 2 + a) * 3 + b] = x!.data[(a * 3 + b) * 4 + c]!;
      return [{ shape: [8, 3], data }];
    };
    await checkOperation(rearrangeOperation, {
      inputs: { x: filled([6, 4]) },
      attributes: { view, order, shape: [8, 3], inputShape: [6, 4] },
      reference,
    });
  });

  it('takes 2 x 2 pixels together, and apart again', async () => {
    await expectNoLeak(async () => {
      // Two images of 2 x 4 pixels of one channel, each pixel named by its place.
      const x = tf.tensor2d(
        Array.from({ length: 16 }, (_, i) => i),
        [16, 1],
      );
      const half = halve(x, [2, 4]);
      const again = double(half, [1, 2]);
      expect(await half.array()).toEqual([
        [0, 1, 4, 5],
        [2, 3, 6, 7],
        [8, 9, 12, 13],
        [10, 11, 14, 15],
      ]);
      expect(Array.from(await again.data())).toEqual(Array.from(await x.data()));
      tf.dispose([x, half, again]);
    });
  });

  it('makes channels of features of whole images', async () => {
    const x = tf.tensor2d([[1, 2, 3, 10, 20, 30]]);
    const pixels = toPixels(x, [1, 3]);
    expect(await pixels.array()).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    tf.dispose([x, pixels]);
  });

  it('convolves as TensorFlow.js does', async () => {
    const random = createRandom(1);
    const x = tf.tensor2d(random.fork('x').normal(2 * 4 * 5 * 3), [2 * 4 * 5, 3]);
    const weights = tf.tensor2d(random.fork('W').normal(9 * 3 * 2), [27, 2]);
    const ours = convolve(x, weights, [4, 5]);
    const theirs = tf.tidy(() =>
      tf.conv2d(
        tf.reshape(x, [2, 4, 5, 3]) as tf.Tensor4D,
        tf.reshape(weights, [3, 3, 3, 2]) as tf.Tensor4D,
        1,
        'same',
      ),
    );
    const [a, b] = [await ours.data(), await theirs.data()];
    for (const [i, value] of b.entries()) expect(a[i]).toBeCloseTo(value, 4);
    tf.dispose([x, weights, ours, theirs]);
  });

  it('refuses what is no image', () => {
    const x = tf.zeros<tf.Rank.R2>([6, 3]);
    expect(() => halve(x, [3, 2])).toThrow(/images of 3 x 2 pixels cannot be halved/);
    expect(() => double(x, [3, 2])).toThrow(/3 channels are no multiple of 4/);
    expect(() => toPixels(x, [2, 1])).toThrow(/3 columns are no whole number of images of 2 x 1/);
    expect(() => convolve(x, x, [2, 2])).toThrow(/\[6,3\] must be \[R\*4, C\]/);
    x.dispose();
  });
});

describeBackends('convolutional', () => {
  it.each(['layer', 'batch'] as const)('conforms (%s norm)', async (norm) => {
    const options = { inputShape: [4, 4], groups: 2, batch: 2, iterations: 2, rowsIndependent: norm === 'layer' };
    await checkCore(convolutional({ channels: [3, 2], norm }), options);
  });

  it('conforms at one size, with predictions that begin as the data are', async () => {
    await checkCore(convolutional({ channels: [3], predictionInit: 'data' }), {
      inputShape: [3, 2, 1],
      rowsIndependent: true,
    });
  });

  it('begins with the mean of the data', async () => {
    const core = convolutional({ channels: [3], predictionInit: 'data' }).create({
      inputShape: [2, 2],
      inputSize: 4,
      random: createRandom(1),
      data: { mean: 0.25, standardDeviation: 0.5 },
    });
    expect((await readTree(core.parameters()))['bias_z']).toEqual({ shape: [1], data: Float32Array.of(0.25) });
    core.dispose();
  });
});

describe('convolutional', () => {
  it.each<[unknown, RegExp]>([
    [{}, /channels must be a list/],
    [{ channels: [] }, /not \[\]/],
    [{ channels: [3, 0] }, /not \[3,0\]/],
    [{ channels: [3], norm: 'group' }, /norm must be 'layer' or 'batch'/],
    [{ channels: [3], predictionInit: 'zero' }, /predictionInit must be/],
    [{ channels: [3], size: 2 }, /size/],
  ])('refuses %j', (options, message) => {
    expect(() => convolutional(options as never)).toThrow(message);
  });

  it.each([[[16]], [[6, 8]], [[4, 4, 3]]])('refuses inputs of shape %j for three sizes', (inputShape) => {
    const inputSize = inputShape.reduce((a, b) => a * b, 1);
    expect(() =>
      convolutional({ channels: [2, 2, 2] }).create({ inputShape, inputSize, random: createRandom(1) }),
    ).toThrow(/multiples of 4/);
  });

  it("needs the data's statistics where it begins with them", () => {
    const environment = { inputShape: [2, 2], inputSize: 4, random: createRandom(1) };
    expect(() => convolutional({ channels: [2], predictionInit: 'data' }).create(environment)).toThrow(
      /needs the mean and a positive standard deviation/,
    );
  });
});
