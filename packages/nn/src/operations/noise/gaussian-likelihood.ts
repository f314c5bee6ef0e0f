import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { checkPositive } from '../../checks/options';
import { noisyVariance } from '../../composition/noisy-variance';
import { checkGroupShapes } from '../../checks/shapes';
import { repeatChannels, sumChannels } from '../../composition/channels';
import { softmaxGroups, softmaxGroupsGradient, sumGroups } from '../../composition/groups';
import { sumAll } from '../../composition/reductions';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D; logVariance: tf.Scalar };
type Attributes = { standardDeviation: number; channels?: number };

/**
 * Gradient of {@link gaussianLikelihoodOperation} with respect to predictions and variance. Kernel
 * `TaggerGaussianLikelihoodGradient`.
 *
 *     dz_k = L_k (g_k - sum_h g_h L_h) d_k / s,   dlogVariance = v / 2s sum of dz_k d_k,   d = x~ - z,  s = v + sigma^2
 *
 * Inputs: dy, written g, [K, B, P], those of the operation, and its output L; attributes: standardDeviation, channels; outputs: dz
 * [K, B, N], dlogVariance [].
 */
export const gaussianLikelihoodGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Tensor3D; L: tf.Tensor3D },
  Attributes,
  [tf.Tensor3D, tf.Scalar]
>({
  kernelName: 'TaggerGaussianLikelihoodGradient',
  check({ dy, corrupted, z, logVariance, L }, { channels }) {
    checkGroupShapes('gaussianLikelihoodGradient', {
      input: { corrupted },
      groups: { z },
      pixels: { L, dy },
      scalars: { logVariance },
      channels,
    });
  },
  compose({ dy, corrupted, z, logVariance, L }, { standardDeviation, channels = 1 }) {
    const { learned, total } = noisyVariance(logVariance, standardDeviation);
    const d = tf.sub<tf.Tensor3D>(corrupted, z);
    // d log z~_k = L_k (g_k - sum_h g_h L_h), and log z~_k = -d_k^2 / 2 s + ...: dd_k = -d log z~_k d_k / s
    const dz = tf.mul<tf.Tensor3D>(repeatChannels(softmaxGroupsGradient(dy, L), channels), tf.div(d, total));
    // d log z~_k / d log v = d_k^2 v / 2 s^2
    return [dz, tf.mul(sumAll(tf.mul(dz, d)), tf.div(learned, tf.mul(total, 2)))];
  },
});

/**
 * The assignment likelihood under Gaussian noise; see {@link gaussianLikelihood}. Kernel `TaggerGaussianLikelihood`.
 *
 * Inputs: corrupted [B, N], z [K, B, N], logVariance []; attributes: standardDeviation, channels C (1); output [K, B, N/C].
 */
export const gaussianLikelihoodOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor3D]>({
  kernelName: 'TaggerGaussianLikelihood',
  check({ corrupted, z, logVariance }, { standardDeviation, channels }) {
    checkGroupShapes('gaussianLikelihood', { input: { corrupted }, groups: { z }, scalars: { logVariance }, channels });
    checkPositive('gaussianLikelihood', 'standardDeviation', standardDeviation);
  },
  compose({ corrupted, z, logVariance }, { standardDeviation, channels = 1 }) {
    const { total } = noisyVariance(logVariance, standardDeviation);
    // The densities' common factor cancels.
    const logDensity = tf.div(sumChannels(tf.square(tf.sub(corrupted, z)), channels), tf.mul(total, -2));
    return [softmaxGroups(logDensity as tf.Tensor3D).softmax];
  },
  saves: { inputs: ['corrupted', 'z', 'logVariance'], outputs: [true] },
  gradient([dy], [corrupted, z, logVariance, L], attributes) {
    const inputs = {
      dy: dy as tf.Tensor3D,
      corrupted: corrupted as tf.Tensor2D,
      z: z as tf.Tensor3D,
      logVariance: logVariance as tf.Scalar,
      L: L as tf.Tensor3D,
    };
    const [dz, dLogVariance] = gaussianLikelihoodGradientOperation(inputs, attributes);
    return { z: () => dz, corrupted: () => tf.neg(sumGroups(dz)), logVariance: () => dLogVariance };
  },
});

/**
 * L: how well each group explains an input corrupted by Gaussian noise, normalized over groups (Eq. 15, Alg. 2). A
 * softmax of log densities: predictions far away cannot make it 0 / 0.
 *
 *     z~_k = Normal(x~; z_k, v + sigma^2), the product over the channels of a pixel
 *     L_k  = z~_k / sum_h z~_h
 *
 * @param corrupted x~: [B, N], N = P*C with the C channels of a pixel next to each other
 * @param z predictions of the groups: [K, B, N]
 * @param logVariance log v, the learned variance's logarithm: []
 * @param options `standardDeviation`: sigma, the standard deviation of the noise, positive; `channels`: C, 1 by default
 * @returns L: [K, B, P], sums to one over groups
 * @throws TaggerError `INVALID_SHAPE`, `INVALID_OPTION`
 */
export function gaussianLikelihood(
  corrupted: tf.Tensor2D,
  z: tf.Tensor3D,
  logVariance: tf.Scalar,
  options: { readonly standardDeviation: number; readonly channels?: number },
): tf.Tensor3D {
  return gaussianLikelihoodOperation({ corrupted, z, logVariance }, options)[0];
}
