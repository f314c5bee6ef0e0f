import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { checkPositive } from '../../checks/options';
import { noisyVariance } from '../../composition/noisy-variance';
import { checkGroupShapes } from '../../checks/shapes';
import { softmaxGroups, softmaxGroupsGradient, sumGroups } from '../../composition/groups';
import { sumAll } from '../../composition/reductions';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D; logVariance: tf.Scalar };
type Attributes = { standardDeviation: number };

/**
 * Gradient of {@link gaussianLikelihoodOperation} with respect to predictions and variance. Kernel
 * `TaggerGaussianLikelihoodGradient`.
 *
 *     dz_k = L_k (g_k - sum_h g_h L_h) d_k / s,   dlogVariance = v / 2s sum of dz_k d_k,   d = x~ - z,  s = v + sigma^2
 *
 * Inputs: dy, written g, [K, B, N], those of the operation, and its output L; attribute: standardDeviation; outputs: dz [K, B, N],
 * dlogVariance [].
 */
export const gaussianLikelihoodGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Tensor3D; L: tf.Tensor3D },
  Attributes,
  [tf.Tensor3D, tf.Scalar]
>({
  kernelName: 'TaggerGaussianLikelihoodGradient',
  check({ dy, corrupted, z, logVariance, L }) {
    checkGroupShapes('gaussianLikelihoodGradient', {
      input: { corrupted },
      groups: { z, L, dy },
      scalars: { logVariance },
    });
  },
  compose({ dy, corrupted, z, logVariance, L }, { standardDeviation }) {
    const { learned, total } = noisyVariance(logVariance, standardDeviation);
    const d = tf.sub<tf.Tensor3D>(corrupted, z);
    // d log z~_k = L_k (g_k - sum_h g_h L_h), and log z~_k = -d_k^2 / 2 s + ...: dd_k = -d log z~_k d_k / s
    const dz = tf.mul<tf.Tensor3D>(softmaxGroupsGradient(dy, L), tf.div(d, total));
    // d log z~_k / d log v = d_k^2 v / 2 s^2
    return [dz, tf.mul(sumAll(tf.mul(dz, d)), tf.div(learned, tf.mul(total, 2)))];
  },
});

/**
 * The assignment likelihood under Gaussian noise; see {@link gaussianLikelihood}. Kernel `TaggerGaussianLikelihood`.
 *
 * Inputs: corrupted [B, N], z [K, B, N], logVariance []; attribute: standardDeviation; output [K, B, N].
 */
export const gaussianLikelihoodOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor3D]>({
  kernelName: 'TaggerGaussianLikelihood',
  check({ corrupted, z, logVariance }, { standardDeviation }) {
    checkGroupShapes('gaussianLikelihood', { input: { corrupted }, groups: { z }, scalars: { logVariance } });
    checkPositive('gaussianLikelihood', 'standardDeviation', standardDeviation);
  },
  compose({ corrupted, z, logVariance }, { standardDeviation }) {
    const { total } = noisyVariance(logVariance, standardDeviation);
    // The densities' common factor cancels.
    const logDensity = tf.div(tf.square(tf.sub(corrupted, z)), tf.mul(total, -2));
    return [softmaxGroups(logDensity as tf.Tensor3D).softmax];
  },
  saves: { inputs: ['corrupted', 'z', 'logVariance'], outputs: [true] },
  gradient([dy], [corrupted, z, logVariance, L], { standardDeviation }) {
    const inputs = {
      dy: dy as tf.Tensor3D,
      corrupted: corrupted as tf.Tensor2D,
      z: z as tf.Tensor3D,
      logVariance: logVariance as tf.Scalar,
      L: L as tf.Tensor3D,
    };
    const [dz, dLogVariance] = gaussianLikelihoodGradientOperation(inputs, { standardDeviation });
    return { z: () => dz, corrupted: () => tf.neg(sumGroups(dz)), logVariance: () => dLogVariance };
  },
});

/**
 * L: how well each group explains an input corrupted by Gaussian noise, normalized over groups (Eq. 15, Alg. 2). A
 * softmax of log densities: predictions far away cannot make it 0 / 0.
 *
 *     z~_k = Normal(x~; z_k, v + sigma^2)
 *     L_k  = z~_k / sum_h z~_h
 *
 * @param corrupted x~: [B, N]
 * @param z predictions of the groups: [K, B, N]
 * @param logVariance log v, the learned variance's logarithm: []
 * @param options `standardDeviation`: sigma, the standard deviation of the noise, positive
 * @returns L: [K, B, N], sums to one over groups
 * @throws TaggerError `INVALID_SHAPE`, `INVALID_OPTION`
 */
export function gaussianLikelihood(
  corrupted: tf.Tensor2D,
  z: tf.Tensor3D,
  logVariance: tf.Scalar,
  { standardDeviation }: { readonly standardDeviation: number },
): tf.Tensor3D {
  return gaussianLikelihoodOperation({ corrupted, z, logVariance }, { standardDeviation })[0];
}
