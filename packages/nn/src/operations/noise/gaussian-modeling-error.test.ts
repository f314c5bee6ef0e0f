import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { checkOperation } from '../../testing';
import { BOTH_NANS, GROUP_SHAPES, uneven, unevenAssignments } from '../../testing/uneven';
import {
  gaussianAlgorithmErrorReference as algorithm,
  gaussianExactErrorReference as exact,
  gaussianResidualErrorReference as residual,
} from '../../testing/references/gaussian';
import { gaussianAlgorithmErrorOperation } from './gaussian-algorithm-error';
import { gaussianExactErrorOperation } from './gaussian-exact-error';
import { GAUSSIAN_ERROR_FORMS, gaussianModelingError } from './gaussian-modeling-error';
import { gaussianResidualErrorOperation } from './gaussian-residual-error';

const normal = (x: number, mean: number, variance: number) =>
  Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);

const variances = [
  [0.2, 0],
  [0.5, -3],
  [1, 2],
] as const;

describeBackends('gaussianModelingError', () => {
  describe.each(GROUP_SHAPES)('K %i B %i N %i', (K, B, N) => {
    const common = { corrupted: uneven([B, N]), z: uneven([K, B, N], { seed: 1 }) };
    const { m, logM } = unevenAssignments([K, B, N]);

    it.each(variances)(
      "gives the form 'algorithm' and its gradients, standardDeviation %d, log v %d",
      async (standardDeviation, value) => {
        const inputs = { ...common, m, logVariance: { shape: [], data: [value] } };
        await checkOperation(gaussianAlgorithmErrorOperation, {
          inputs,
          attributes: { standardDeviation },
          reference: algorithm,
        });
      },
    );

    it.each(variances)(
      "gives the form 'exact' and its gradients, standardDeviation %d, log v %d",
      async (standardDeviation, value) => {
        const inputs = { ...common, logM, logVariance: { shape: [], data: [value] } };
        await checkOperation(gaussianExactErrorOperation, {
          inputs,
          attributes: { standardDeviation },
          reference: exact,
        });
      },
    );

    it("gives the form 'residual' and its gradients", async () => {
      await checkOperation(gaussianResidualErrorOperation, {
        inputs: { ...common, m },
        attributes: {},
        reference: residual,
      });
    });
  });

  it('is finite, with finite gradients, if m underflows and predictions are far away', async () => {
    const common = {
      corrupted: { shape: [1, 4], data: [0, 1, -2, 0.5] },
      z: { shape: [2, 1, 4], data: [1e3, 1.1, 1e6, -4e4, -0.5, 1e10, 0, 0.25] },
      logVariance: { shape: [], data: [-4] },
    };
    const logM = { shape: [2, 1, 4], data: [-200, -1e4, -300, 0, 0, 0, 0, -150] };
    const m = { shape: [2, 1, 4], data: logM.data.map(Math.exp) };
    await checkOperation(gaussianExactErrorOperation, {
      inputs: { ...common, logM },
      attributes: { standardDeviation: 0.2 },
      reference: exact,
    });
    await checkOperation(gaussianAlgorithmErrorOperation, {
      inputs: { ...common, m },
      attributes: { standardDeviation: 0.2 },
      reference: algorithm,
    });
  });

  it("in the form 'exact', is the gradient of log q(x~) with respect to z", async () => {
    const [K, B, N] = [3, 2, 4];
    const [standardDeviation, variance] = [0.3, 0.5];
    const corrupted = uneven([B, N]).data;
    const z = uneven([K, B, N], { seed: 1 }).data;
    const { m, logM } = unevenAssignments([K, B, N]);
    const logQ = (at: readonly number[], element: number) =>
      Math.log(
        [0, 1, 2].reduce((sum, k) => {
          const i = k * B * N + element;
          return sum + m.data[i]! * normal(corrupted[element]!, at[i]!, variance + standardDeviation ** 2);
        }, 0),
      );
    const dz = gaussianModelingError(
      tf.tensor2d(corrupted, [B, N]),
      tf.tensor3d(z, [K, B, N]),
      tf.tensor3d(m.data, [K, B, N]),
      tf.tensor3d(logM.data, [K, B, N]),
      tf.scalar(Math.log(variance)),
      { standardDeviation, form: 'exact' },
    );
    for (const [i, value] of (await dz.data()).entries()) {
      const moved = (step: number) =>
        logQ(
          z.map((old, j) => (j === i ? old + step : old)),
          i % (B * N),
        );
      expect(value).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 5);
    }
  });

  it.each(GAUSSIAN_ERROR_FORMS.flatMap((form) => BOTH_NANS.map(([sign, nan]) => [form, sign, nan] as const)))(
    "passes NaN on in the form '%s' (%s)",
    async (form, _, nan) => {
      const z = tf.tensor3d(nan([NaN, 0, 0, 0]), [2, 1, 2]);
      const half = tf.fill<tf.Rank.R3>([2, 1, 2], 0.5);
      const dz = gaussianModelingError(tf.tensor2d([[1, 0]]), z, half, tf.log(half), tf.scalar(0), {
        standardDeviation: 0.2,
        form,
      });
      const [first, second, , fourth] = await dz.data();
      expect([first, second, fourth]).toEqual([NaN, 0, 0]);
    },
  );

  it.each(GAUSSIAN_ERROR_FORMS)("leaves no tensor behind in the form '%s'", (form) =>
    expectNoLeak(() => {
      const [x, z, v] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R3>([2, 2, 3]), tf.scalar(0)];
      tf.dispose([x, z, v, gaussianModelingError(x, z, z, z, v, { standardDeviation: 0.2, form })]);
    }),
  );

  it('has no gradient with respect to inputs that a form does not use', () => {
    const [x, z] = [tf.tensor2d([[1, 0]]), tf.tensor3d([[[0, 0.5]]])];
    const [m, logM, v] = [tf.onesLike(z), tf.zerosLike(z), tf.scalar(0)];
    const run = (form: 'algorithm' | 'exact' | 'residual', wanted: tf.Tensor[]) =>
      tf
        .engine()
        .gradients(() => gaussianModelingError(x, z, m, logM, v, { standardDeviation: 0.2, form }), wanted, m, true)
        .grads;
    expect(run('algorithm', [m, logM, v]).map((grad) => Boolean(grad))).toEqual([true, false, true]);
    expect(run('exact', [m, logM, v]).map((grad) => Boolean(grad))).toEqual([false, true, true]);
    expect(run('residual', [m, logM, v]).map((grad) => Boolean(grad))).toEqual([true, false, false]);
  });

  it('refuses another form', () => {
    const [x, z] = [tf.zeros<tf.Rank.R2>([1, 1]), tf.zeros<tf.Rank.R3>([1, 1, 1])];
    const form = 'approximate' as never;
    expect(() => gaussianModelingError(x, z, z, z, tf.scalar(0), { standardDeviation: 0.2, form })).toThrow(
      withCode('INVALID_OPTION'),
    );
  });

  it.each(GAUSSIAN_ERROR_FORMS)("refuses assignments of another shape in the form '%s'", (form) => {
    const [x, z, m] = [tf.zeros<tf.Rank.R2>([1, 2]), tf.zeros<tf.Rank.R3>([2, 1, 2]), tf.zeros<tf.Rank.R3>([1, 1, 2])];
    expect(() => gaussianModelingError(x, z, m, m, tf.scalar(0), { standardDeviation: 0.2, form })).toThrow(
      withCode('INVALID_SHAPE'),
    );
  });
});
