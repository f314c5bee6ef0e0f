import { createRandom } from '@taggerjs/random';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { convolve, double, halve, toPixels } from './convolve';

describeBackends('convolutions', () => {
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

  it('refuses incomplete or odd images', () => {
    const x = tf.zeros<tf.Rank.R2>([6, 3]);
    expect(() => halve(x, [3, 2])).toThrow(withCode('INVALID_SHAPE'));
    expect(() => double(x, [3, 2])).toThrow(withCode('INVALID_SHAPE'));
    expect(() => toPixels(x, [2, 1])).toThrow(withCode('INVALID_SHAPE'));
    expect(() => convolve(x, x, [2, 2])).toThrow(withCode('INVALID_SHAPE', 'x'));
    x.dispose();
  });
});
