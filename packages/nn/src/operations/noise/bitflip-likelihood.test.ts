import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { checkOperation } from '../../testing';
import { BOTH_NANS, GROUP_SHAPES, uneven, unevenBits } from '../../testing/uneven';
import { bitflipLikelihoodReference as reference } from '../../testing/references/bitflip';
import { bitflipLikelihood, bitflipLikelihoodOperation } from './bitflip-likelihood';

describeBackends('bitflipLikelihood', () => {
  it.each(GROUP_SHAPES)('gives the likelihood and its gradients, K %i B %i N %i', async (K, B, N) => {
    const inputs = { corrupted: unevenBits([B, N]), z: uneven([K, B, N], { from: 0, to: 1 }) };
    for (const probability of [0.2, 0.01, 0.45]) {
      await checkOperation(bitflipLikelihoodOperation, { inputs, attributes: { probability }, reference });
    }
  });

  it('is correct if predictions are certain, right or wrong', async () => {
    const inputs = {
      corrupted: { shape: [1, 4], data: [0, 1, 0, 1] },
      z: { shape: [2, 1, 4], data: [1, 1, 0, 0, 0, 1, 1, 0] },
    };
    for (const probability of [0.2, 1e-3]) {
      await checkOperation(bitflipLikelihoodOperation, {
        inputs,
        attributes: { probability },
        reference,
        gradientTolerance: 1e-3, // the accuracy of central differences with step 1e-5 near 1 / beta^2
      });
    }
  });

  it.each(BOTH_NANS)('passes NaN on (%s)', async (_, nan) => {
    const z = tf.tensor3d(nan([NaN, 0.5, 0.5, 0.5]), [2, 1, 2]);
    const L = bitflipLikelihood(tf.tensor2d([[1, 0]]), z, { probability: 0.2 });
    expect(Array.from(await L.data())).toEqual([NaN, 0.5, NaN, 0.5]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const [x, z] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R3>([2, 2, 3])];
      tf.dispose([x, z, bitflipLikelihood(x, z, { probability: 0.2 })]);
    }));

  it('refuses shapes that do not fit', () => {
    const [x, z] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R3>([2, 3, 2])];
    expect(() => bitflipLikelihood(x, z, { probability: 0.2 })).toThrow(withCode('INVALID_SHAPE'));
  });

  it.each([0, -0.1, 0.5, NaN])('refuses the probability %d', (probability) => {
    const [x, z] = [tf.zeros<tf.Rank.R2>([1, 1]), tf.zeros<tf.Rank.R3>([1, 1, 1])];
    expect(() => bitflipLikelihood(x, z, { probability })).toThrow(withCode('INVALID_OPTION'));
  });
});
