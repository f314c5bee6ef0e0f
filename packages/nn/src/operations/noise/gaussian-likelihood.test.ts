import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { checkOperation } from '../../testing';
import { BOTH_NANS, GROUP_SHAPES, uneven } from '../../testing/uneven';
import { gaussianLikelihoodReference as reference } from '../../testing/references/gaussian';
import { gaussianLikelihood, gaussianLikelihoodOperation } from './gaussian-likelihood';

const logVariance = (value: number) => ({ shape: [], data: [value] });

describeBackends('gaussianLikelihood', () => {
  it.each(GROUP_SHAPES)('gives the likelihood and its gradients, K %i B %i N %i', async (K, B, N) => {
    for (const [standardDeviation, value] of [
      [0.2, 0],
      [0.5, -3],
      [1, 2],
    ] as const) {
      const inputs = {
        corrupted: uneven([B, N]),
        z: uneven([K, B, N], { seed: 1 }),
        logVariance: logVariance(value),
      };
      await checkOperation(gaussianLikelihoodOperation, { inputs, attributes: { standardDeviation }, reference });
    }
  });

  it('is finite, with finite gradients, if predictions are far away', async () => {
    const inputs = {
      corrupted: { shape: [1, 4], data: [0, 1, -2, 0.5] },
      z: { shape: [2, 1, 4], data: [1e3, 1.1, 1e15, -4e4, 2e3, 1e10, 0, 4e4] },
      logVariance: logVariance(-4),
    };
    await checkOperation(gaussianLikelihoodOperation, { inputs, attributes: { standardDeviation: 0.2 }, reference });
  });

  it.each(BOTH_NANS)('passes NaN on (%s)', async (_, nan) => {
    const z = tf.tensor3d(nan([NaN, 0, 1, 0]), [2, 1, 2]);
    const L = gaussianLikelihood(tf.tensor2d([[1, 0]]), z, tf.scalar(0), { standardDeviation: 0.2 });
    expect(Array.from(await L.data())).toEqual([NaN, 0.5, NaN, 0.5]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const [x, z, v] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R3>([2, 2, 3]), tf.scalar(0)];
      tf.dispose([x, z, v, gaussianLikelihood(x, z, v, { standardDeviation: 0.2 })]);
    }));

  it('refuses a variance that is not a scalar', () => {
    const [x, z] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R3>([2, 2, 3])];
    expect(() => gaussianLikelihood(x, z, tf.zeros<tf.Rank.R1>([1]) as never, { standardDeviation: 0.2 })).toThrow(
      withCode('INVALID_SHAPE'),
    );
  });

  it.each([0, -1, Infinity, NaN])('refuses the standard deviation %d', (standardDeviation) => {
    const [x, z] = [tf.zeros<tf.Rank.R2>([1, 1]), tf.zeros<tf.Rank.R3>([1, 1, 1])];
    expect(() => gaussianLikelihood(x, z, tf.scalar(0), { standardDeviation })).toThrow(withCode('INVALID_OPTION'));
  });
});
