import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { matMul, reshape, weightedSum } from '@taggerjs/nn';
import { bitflip } from '@taggerjs/noise';
import { createRandom } from '@taggerjs/random';
import { createTagger } from '@taggerjs/tagger';
import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { clipByGlobalNorm, globalNorm, gradientsOf } from './gradients';

describeBackends('gradients', () => {
  it('are returned by name, for the parameters that the cost depends on', async () => {
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

  it('include those of terms that are added to the cost with TensorFlow.js alone', async () => {
    await expectNoLeak(async () => {
      const tagger = createTagger({
        inputShape: [4],
        initialPrediction: 0.5,
        noise: bitflip(),
        core: projected({ hiddenSize: 6, mapping: ladder({ sizes: [5, 3], classes: 2 }) }),
      });
      const x = tf.tensor2d([[0, 1, 1, 0], [1, 0, 1, 0]]); // prettier-ignore
      const targets = tf.tensor2d([[1, 0], [0, 1]]); // prettier-ignore
      const run = () => tagger.run(x, { random: createRandom(1), training: true, targets });
      const gradientOf = async (cost: () => tf.Scalar) => {
        const { cost: value, gradients } = gradientsOf(cost, tagger.parameters());
        const W_h = await gradients['W_h']!.data();
        tf.dispose([value, gradients]);
        return W_h;
      };
      const denoising = await gradientOf(() => run().cost);
      const classification = await gradientOf(() => run().classCost!);
      const both = await gradientOf(() => {
        const { cost, classCost } = run();
        return tf.add(cost, tf.mul(0.1, classCost!));
      });
      expectAllClose(both, denoising.map((g, i) => g + 0.1 * classification[i]!)); // prettier-ignore
      tf.dispose([x, targets]);
      tagger.dispose();
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
