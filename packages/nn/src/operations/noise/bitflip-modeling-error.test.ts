import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { checkOperation } from '../../testing';
import { BOTH_NANS, GROUP_SHAPES, uneven, unevenAssignments, unevenBits } from '../../testing/uneven';
import { bitflipModelingErrorReference as reference } from '../../testing/references/bitflip';
import { bitflipModelingError, bitflipModelingErrorOperation } from './bitflip-modeling-error';

describeBackends('bitflipModelingError', () => {
  it.each(GROUP_SHAPES)('gives the error and its gradients, K %i B %i N %i', async (K, B, N) => {
    const inputs = {
      corrupted: unevenBits([B, N]),
      z: uneven([K, B, N], { from: 0, to: 1 }),
      m: unevenAssignments([K, B, N]).m,
    };
    for (const probability of [0.2, 0.05, 0.45]) {
      await checkOperation(bitflipModelingErrorOperation, { inputs, attributes: { probability }, reference });
    }
  });

  it('has finite gradients if m underflows and predictions are certain', async () => {
    const inputs = {
      corrupted: { shape: [1, 4], data: [0, 1, 0, 1] },
      z: { shape: [2, 1, 4], data: [1, 1, 0, 0, 0, 1, 1, 0] },
      m: { shape: [2, 1, 4], data: [0, 0, 0, 0, 1, 1, 1, 1] },
    };
    await checkOperation(bitflipModelingErrorOperation, { inputs, attributes: { probability: 0.2 }, reference });
  });

  it('is the gradient of log q(x~) with respect to z, divided by 1 - 2 beta', async () => {
    const [K, B, N] = [3, 2, 4];
    const probability = 0.15;
    const corrupted = unevenBits([B, N]).data;
    const z = uneven([K, B, N], { from: 0, to: 1 }).data;
    const m = unevenAssignments([K, B, N]).m.data;
    const logQ = (at: readonly number[], element: number) => {
      const mean = [0, 1, 2].reduce((sum, k) => {
        const i = k * B * N + element;
        return sum + m[i]! * (at[i]! * (1 - 2 * probability) + probability);
      }, 0);
      return Math.log(corrupted[element] === 1 ? mean : 1 - mean);
    };
    const dz = bitflipModelingError(
      tf.tensor2d(corrupted, [B, N]),
      tf.tensor3d(z, [K, B, N]),
      tf.tensor3d(m, [K, B, N]),
      {
        probability,
      },
    );
    for (const [i, value] of (await dz.data()).entries()) {
      const moved = (step: number) =>
        logQ(
          z.map((old, j) => (j === i ? old + step : old)),
          i % (B * N),
        );
      const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
      expect(value).toBeCloseTo(slope / (1 - 2 * probability), 4);
    }
  });

  it.each(BOTH_NANS)('passes NaN on (%s)', async (_, nan) => {
    const m = tf.tensor3d(nan([NaN, 0.5, 0.5, 0.5]), [2, 1, 2]);
    const dz = bitflipModelingError(tf.tensor2d([[1, 0]]), tf.fill([2, 1, 2], 0.5), m, { probability: 0.25 });
    expect(Array.from(await dz.data())).toEqual([NaN, -1, NaN, -1]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const [x, z] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R3>([2, 2, 3])];
      tf.dispose([x, z, bitflipModelingError(x, z, z, { probability: 0.2 })]);
    }));

  it('refuses the probability 0, which would divide by zero', () => {
    const [x, z] = [tf.zeros<tf.Rank.R2>([1, 1]), tf.zeros<tf.Rank.R3>([1, 1, 1])];
    expect(() => bitflipModelingError(x, z, z, { probability: 0 })).toThrow(withCode('INVALID_OPTION'));
  });

  it('refuses assignments of another shape', () => {
    const [x, z] = [tf.zeros<tf.Rank.R2>([1, 2]), tf.zeros<tf.Rank.R3>([2, 1, 2])];
    expect(() => bitflipModelingError(x, z, tf.zeros([1, 1, 2]), { probability: 0.2 })).toThrow(
      withCode('INVALID_SHAPE'),
    );
  });
});
