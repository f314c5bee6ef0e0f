import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { checkPositive } from '../../checks/options';
import { noisyVariance } from '../../composition/noisy-variance';
import { checkGroupShapes } from '../../checks/shapes';
import { repeatChannels, sumChannels } from '../../composition/channels';
import { softmaxGroups, softmaxGroupsGradient, sumGroups } from '../../composition/groups';
import { sumAll } from '../../composition/reductions';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D; logM: tf.Tensor3D; logVariance: tf.Scalar };
type Attributes = { standardDeviation: number; channels?: number };

/**
 * Gradient of {@link gaussianExactErrorOperation} with respect to predictions, assignments and variance. Kernel
 * `TaggerGaussianExactErrorGradient`.
 *
 *     a_k = r_k (g_k d_k - sum_h g_h d_h r_h) / s      for log m; g_k d_k summed over the channels of a pixel
 *     (a_k d_k - g_k r_k) / s                          for z
 *     v / s^2 sum of d_k (a_k d_k / 2 - g_k r_k)       for log v
 *
 * with d = x~ - z. Inputs: dy, written g, [K, B, N], and those of the operation; attributes: standardDeviation, channels;
 * outputs: for z [K, B, N], for log m [K, B, P], for log v [].
 */
export const gaussianExactErrorGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Tensor3D },
  Attributes,
  [tf.Tensor3D, tf.Tensor3D, tf.Scalar]
>({
  kernelName: 'TaggerGaussianExactErrorGradient',
  check({ dy, corrupted, z, logM, logVariance }, { channels }) {
    checkGroupShapes('gaussianExactErrorGradient', {
      input: { corrupted },
      groups: { z, dy },
      pixels: { logM },
      scalars: { logVariance },
      channels,
    });
  },
  compose({ dy, corrupted, z, logM, logVariance }, { standardDeviation, channels = 1 }) {
    const { learned, total } = noisyVariance(logVariance, standardDeviation);
    const d = tf.sub<tf.Tensor3D>(corrupted, z);
    // dz = r d / s has two paths: directly, and through r to its logits a_k = -d_k^2 / 2s + log m_k.
    const r = responsibility(d, logM, total, channels);
    const da = softmaxGroupsGradient(sumChannels(tf.div(tf.mul(dy, d), total), channels), r);
    const indirect = tf.mul<tf.Tensor3D>(repeatChannels(da, channels), d);
    const direct = tf.mul<tf.Tensor3D>(dy, repeatChannels(r, channels));
    // ds: (da_k d_k^2 / 2 - g_k r_k d_k) / s^2, ds / d log v = v
    const change = tf.mul<tf.Tensor3D>(d, tf.sub(tf.mul(indirect, 0.5), direct));
    return [tf.div(tf.sub(indirect, direct), total), da, tf.mul(sumAll(change), tf.div(learned, tf.square(total)))];
  },
});

/**
 * The Gaussian modeling error, exactly (Eq. 23), the form 'exact' of {@link gaussianModelingError}. Kernel
 * `TaggerGaussianExactError`.
 *
 *     dz_k = (x~ - z_k) / s * r_k,   s = v + sigma^2,   r = softmax over groups of log Normal(x~; z_k, s) + log m_k
 *
 * Inputs: corrupted [B, N], z [K, B, N], logM [K, B, N/C], logVariance []; attributes: standardDeviation, channels C (1);
 * output [K, B, N].
 */
export const gaussianExactErrorOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor3D]>({
  kernelName: 'TaggerGaussianExactError',
  check({ corrupted, z, logM, logVariance }, { standardDeviation, channels }) {
    checkGroupShapes('gaussianModelingError', {
      input: { corrupted },
      groups: { z },
      pixels: { logM },
      scalars: { logVariance },
      channels,
    });
    checkPositive('gaussianModelingError', 'standardDeviation', standardDeviation);
  },
  compose({ corrupted, z, logM, logVariance }, { standardDeviation, channels = 1 }) {
    const { total } = noisyVariance(logVariance, standardDeviation);
    const d = tf.sub<tf.Tensor3D>(corrupted, z);
    return [tf.mul(tf.div(d, total), repeatChannels(responsibility(d, logM, total, channels), channels))];
  },
  saves: { inputs: ['corrupted', 'z', 'logM', 'logVariance'] },
  gradient([dy], [corrupted, z, logM, logVariance], attributes) {
    const inputs = {
      dy: dy as tf.Tensor3D,
      corrupted: corrupted as tf.Tensor2D,
      z: z as tf.Tensor3D,
      logM: logM as tf.Tensor3D,
      logVariance: logVariance as tf.Scalar,
    };
    const [dz, dLogM, dLogVariance] = gaussianExactErrorGradientOperation(inputs, attributes);
    return {
      z: () => dz,
      corrupted: () => tf.neg(sumGroups(dz)),
      logM: () => dLogM,
      logVariance: () => dLogVariance,
    };
  },
});

/** r: the posterior probability of each group, given the corrupted input. [K, B, P] */
function responsibility(d: tf.Tensor3D, logM: tf.Tensor3D, variance: tf.Scalar, channels: number): tf.Tensor3D {
  // The densities' common factor cancels.
  return softmaxGroups(tf.add(tf.div(sumChannels(tf.square(d), channels), tf.mul(variance, -2)), logM)).softmax;
}
