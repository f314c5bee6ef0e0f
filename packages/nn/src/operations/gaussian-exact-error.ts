import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../operation';
import { checkStandardDeviation, noisyVariance } from './gaussian-noise';
import { checkGroupShapes, softmaxGroups, softmaxGroupsGradient, sumGroups } from './groups';
import { sumAll } from './reductions';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D; logM: tf.Tensor3D; logVariance: tf.Scalar };
type Attributes = { std: number };

/**
 * The Gaussian modelling error, exactly (Eq. 23), the form 'exact' of {@link gaussianModelingError}. Kernel
 * `TaggerGaussianExactError`.
 *
 *     dz_k = (x~ - z_k) / s * r_k,   s = v + sigma^2,   r = softmax over groups of log Normal(x~; z_k, s) + log m_k
 *
 * Inputs: corrupted [B, N], z and logM [K, B, N], logVariance []; attribute: std; output [K, B, N].
 */
export const gaussianExactErrorOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor3D]>({
  kernelName: 'TaggerGaussianExactError',
  check({ corrupted, z, logM, logVariance }, { std }) {
    checkGroupShapes('gaussianModelingError', { input: { corrupted }, groups: { z, logM }, scalars: { logVariance } });
    checkStandardDeviation('gaussianModelingError', std);
  },
  compose({ corrupted, z, logM, logVariance }, { std }) {
    const { total } = noisyVariance(logVariance, std);
    const d = tf.sub<tf.Tensor3D>(corrupted, z);
    return [tf.mul(tf.div(d, total), responsibility(d, logM, total))];
  },
  saves: { inputs: ['corrupted', 'z', 'logM', 'logVariance'] },
  gradient([dy], [corrupted, z, logM, logVariance], { std }) {
    const g = dy as tf.Tensor3D;
    const { learned, total } = tf.tidy(() => noisyVariance(logVariance as tf.Scalar, std));
    const d = tf.sub<tf.Tensor3D>(corrupted as tf.Tensor, z as tf.Tensor);
    // dz = r d / s: through r to its logits, a_k = -d_k^2 / 2s + log m_k, and directly.
    const r = tf.tidy(() => responsibility(d, logM as tf.Tensor3D, total));
    const da = tf.tidy(() => softmaxGroupsGradient(tf.div(tf.mul(g, d), total), r));
    // dd_k = (g_k r_k - da_k d_k) / s
    const dd = () => tf.div<tf.Tensor3D>(tf.sub(tf.mul(g, r), tf.mul(da, d)), total);
    return {
      z: () => tf.neg(dd()),
      corrupted: () => sumGroups(dd()),
      logM: () => tf.clone(da),
      // ds: (da_k d_k^2 / 2 - g_k r_k d_k) / s^2, ds / d log v = v
      logVariance: () => {
        const change = tf.mul(d, tf.sub(tf.mul(tf.mul(da, d), 0.5), tf.mul(g, r)));
        return tf.mul(sumAll(change), tf.div(learned, tf.square(total)));
      },
    };
  },
});

/** r: the posterior probability of each group, given the corrupted input. */
function responsibility(d: tf.Tensor3D, logM: tf.Tensor3D, variance: tf.Scalar): tf.Tensor3D {
  // The densities' common factor cancels.
  return softmaxGroups(tf.add(tf.div(tf.square(d), tf.mul(variance, -2)), logM)).softmax;
}
