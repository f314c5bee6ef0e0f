import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { checkOperation } from '../../testing';
import { BOTH_NANS, GROUP_SHAPES, uneven, unevenAssignments, unevenBits } from '../../testing/uneven';
import { bitflipCostReference as reference } from '../../testing/references/bitflip';
import { bitflipCost, bitflipCostOperation } from './bitflip-cost';

describeBackends('bitflipCost', () => {
  it.each(GROUP_SHAPES)('gives the cost and its gradients, K %i B %i N %i', async (K, B, N) => {
    const inputs = {
      x: unevenBits([B, N]),
      z: uneven([K, B, N], { from: 0.05, to: 0.95 }),
      m: unevenAssignments([K, B, N]).m,
    };
    for (const epsilon of [1e-4, 0.01]) {
      await checkOperation(bitflipCostOperation, { inputs, attributes: { epsilon }, reference });
    }
  });

  it('accepts inputs between zero and one', async () => {
    const inputs = {
      x: uneven([2, 3], { from: 0, to: 1 }),
      z: uneven([2, 2, 3], { from: 0.05, to: 0.95, seed: 1 }),
      m: unevenAssignments([2, 2, 3]).m,
    };
    await checkOperation(bitflipCostOperation, { inputs, attributes: { epsilon: 1e-4 }, reference });
  });

  it('has finite gradients if m underflows and predictions are certain, right or wrong', async () => {
    const inputs = {
      x: { shape: [1, 4], data: [0, 1, 0, 1] },
      z: { shape: [2, 1, 4], data: [1, 1, 0, 0, 1, 1, 0, 0] },
      m: { shape: [2, 1, 4], data: [0, 0, 0, 0, 1, 1, 1, 1] },
    };
    await checkOperation(bitflipCostOperation, {
      inputs,
      attributes: { epsilon: 1e-4 },
      reference,
      gradientTolerance: 1e-2, // the accuracy of central differences with step 1e-5 near 1 / (x + 1e-4)
    });
    const [x, z, m] = [tf.tensor2d([[0, 1]]), tf.tensor3d([[[1, 0]]]), tf.tensor3d([[[1, 1]]])];
    const [dz, dm] = tf.grads((...at) => bitflipCost(x, at[0] as tf.Tensor3D, at[1] as tf.Tensor3D))([z, m]);
    const slope = (1 - 2e-4) / 1e-4 / 2;
    const actual = [...(await dz!.data()), ...(await dm!.data())];
    [slope, -slope, slope, 0].forEach((expected, i) => expect(actual[i]! / slope).toBeCloseTo(expected / slope, 5));
  });

  it('adds up a large batch without drift', async () => {
    const [x, z] = [tf.ones<tf.Rank.R2>([1000, 2000]), tf.fill<tf.Rank.R3>([1, 1000, 2000], 0.3)];
    const cost = bitflipCost(x, z, tf.onesLike(z));
    const expected = -Math.log(0.3 * (1 - 2e-4) + 1e-4);
    // Adding one by one is 2 % off; adding in chunks, less than 5e-6.
    expect((await cost.data())[0]! / expected).toBeCloseTo(1, 5);
    tf.dispose([x, z, cost]);
  });

  it.each(BOTH_NANS)('passes NaN on (%s)', async (_, nan) => {
    const z = tf.tensor3d(nan([NaN, 0.5]), [1, 1, 2]);
    expect((await bitflipCost(tf.tensor2d([[1, 0]]), z, tf.onesLike(z)).data())[0]).toBeNaN();
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const [x, z] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R3>([2, 2, 3])];
      tf.dispose([x, z, bitflipCost(x, z, z)]);
    }));

  it.each([0, 1e-7, 0.5, NaN])('refuses the epsilon %d', (epsilon) => {
    const [x, z] = [tf.zeros<tf.Rank.R2>([1, 1]), tf.zeros<tf.Rank.R3>([1, 1, 1])];
    expect(() => bitflipCost(x, z, z, { epsilon })).toThrow(withCode('INVALID_OPTION'));
  });
});
