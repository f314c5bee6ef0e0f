import { matMul, reshape, weightedSum } from '@taggerjs/nn';
import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { clipByGlobalNorm, globalNorm, gradientsOf } from './gradients';

describeBackends('gradients', () => {
  it('are given by name, for the parameters that the cost depends on', async () => {
    await expectNoLeak(async () => {
      const used = tf.tidy(() => tf.variable(tf.tensor2d([2], [1, 1])));
      const unused = tf.tidy(() => tf.variable(tf.scalar(1)));
      const x = tf.tensor2d([3], [1, 1]);
      const { cost, gradients } = gradientsOf(() => weightedSum([reshape<tf.Rank.R0>(matMul(x, used), [])], [1]), {
        used,
        unused,
      });
      expect(Object.keys(gradients)).toEqual(['used']);
      tf.dispose([cost, x, used, unused]);
      tf.dispose(gradients);
    });
  });

  it('have a global norm over all tensors', async () => {
    await expectNoLeak(async () => {
      const gradients = { a: tf.tensor1d([3, 0]), b: tf.tensor2d([[0, 4]]) };
      const norm = globalNorm(gradients);
      expectAllClose(await norm.data(), [5]);
      tf.dispose([norm, gradients.a, gradients.b]);
    });
  });

  it('are scaled down to the largest norm, not up to it', async () => {
    await expectNoLeak(async () => {
      for (const [maximum, expected] of [
        [2.5, [1.5, 2]],
        [10, [3, 4]],
      ] as const) {
        const gradients: Record<string, tf.Tensor> = { a: tf.tensor1d([3]), b: tf.tensor1d([4]) };
        const norm = clipByGlobalNorm(gradients, maximum);
        expectAllClose(await norm.data(), [5]);
        expectAllClose([(await gradients['a']!.data())[0]!, (await gradients['b']!.data())[0]!], expected);
        norm.dispose();
        tf.dispose(gradients);
      }
    });
  });

  it('that are NaN stay NaN when clipped', async () => {
    const gradients: Record<string, tf.Tensor> = { a: tf.tensor1d([NaN]) };
    const norm = clipByGlobalNorm(gradients, 1);
    expect((await gradients['a']!.data())[0]).toBeNaN();
    norm.dispose();
    tf.dispose(gradients);
  });
});
