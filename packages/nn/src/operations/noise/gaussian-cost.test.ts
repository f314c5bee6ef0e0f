import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { checkOperation } from '../../testing';
import { BOTH_NANS, GROUP_SHAPES, uneven, unevenAssignments } from '../../testing/uneven';
import { gaussianCostReference as reference } from '../../testing/references/gaussian';
import { gaussianCost, gaussianCostOperation } from './gaussian-cost';

describeBackends('gaussianCost', () => {
  it.each(GROUP_SHAPES)('gives the cost and its gradients, K %i B %i N %i', async (K, B, N) => {
    for (const value of [0, -3, 2]) {
      const inputs = {
        x: uneven([B, N]),
        z: uneven([K, B, N], { seed: 1 }),
        logM: unevenAssignments([K, B, N]).logM,
        logVariance: { shape: [], data: [value] },
      };
      await checkOperation(gaussianCostOperation, { inputs, attributes: {}, reference });
    }
  });

  it('is finite, with finite gradients, if m underflows and predictions are far away', async () => {
    const inputs = {
      x: { shape: [1, 4], data: [0, 1, -2, 0.5] },
      z: { shape: [2, 1, 4], data: [20, 1.1, 1e6, -40, 30, 1e10, 0, 4e4] },
      logM: { shape: [2, 1, 4], data: [-200, -1e4, -300, 0, 0, 0, 0, -150] },
      logVariance: { shape: [], data: [-4] },
    };
    await checkOperation(gaussianCostOperation, { inputs, attributes: {}, reference });
  });

  it('adds up a large batch without drift', async () => {
    const [x, z] = [tf.ones<tf.Rank.R2>([1000, 2000]), tf.zeros<tf.Rank.R3>([1, 1000, 2000])];
    const cost = gaussianCost(x, z, z, tf.scalar(0));
    // Adding one by one is a few percent off; adding in chunks, less than 5e-6.
    expect((await cost.data())[0]! / (0.5 * (1 + Math.log(2 * Math.PI)))).toBeCloseTo(1, 5);
    tf.dispose([x, z, cost]);
  });

  it.each(BOTH_NANS)('passes NaN on (%s)', async (_, nan) => {
    const z = tf.tensor3d(nan([NaN, 0.5]), [1, 1, 2]);
    expect((await gaussianCost(tf.tensor2d([[1, 0]]), z, tf.zeros([1, 1, 2]), tf.scalar(0)).data())[0]).toBeNaN();
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const [x, z, v] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R3>([2, 2, 3]), tf.scalar(0)];
      tf.dispose([x, z, v, gaussianCost(x, z, z, v)]);
    }));

  it('refuses shapes that do not fit', () => {
    const z = tf.zeros<tf.Rank.R3>([2, 3, 2]);
    expect(() => gaussianCost(tf.zeros([2, 3]), z, z, tf.scalar(0))).toThrow(withCode('INVALID_SHAPE'));
  });

  it('refuses integer inputs', () => {
    const z = tf.zeros<tf.Rank.R3>([2, 3, 2]);
    expect(() => gaussianCost(tf.zeros([3, 2], 'int32'), z, z, tf.scalar(0))).toThrow(withCode('INVALID_SHAPE', 'x'));
  });
});
