import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../operation';
import { expOfNonPositive } from './exponential';
import { checkStandardDeviation, noisyVariance } from './gaussian-noise';
import { checkGroupShapes, sumGroups } from './groups';
import { sumAll } from './reductions';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D; m: tf.Tensor3D; logVariance: tf.Scalar };
type Attributes = { std: number };

/**
 * The Gaussian modelling error as Algorithm 2 prints it (Eq. 24), the form 'algorithm' of
 * {@link gaussianModelingError}. Kernel `TaggerGaussianAlgorithmError`.
 *
 *     dz_k = (x~ - z_k) m_k Normal(x~; z_k, v + sigma^2)
 *
 * Inputs: corrupted [B, N], z and m [K, B, N], logVariance []; attribute: std; output [K, B, N].
 */
export const gaussianAlgorithmErrorOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor3D]>({
  kernelName: 'TaggerGaussianAlgorithmError',
  check({ corrupted, z, m, logVariance }, { std }) {
    checkGroupShapes('gaussianModelingError', { input: { corrupted }, groups: { z, m }, scalars: { logVariance } });
    checkStandardDeviation('gaussianModelingError', std);
  },
  compose({ corrupted, z, m, logVariance }, { std }) {
    const { total } = noisyVariance(logVariance, std);
    const d = tf.sub<tf.Tensor3D>(corrupted, z);
    return [tf.mul(tf.mul(d, m), density(d, total))];
  },
  saves: { inputs: ['corrupted', 'z', 'm', 'logVariance'], outputs: [true] },
  gradient([dy], [corrupted, z, m, logVariance, dz], { std }) {
    const g = dy as tf.Tensor3D;
    const { learned, total } = tf.tidy(() => noisyVariance(logVariance as tf.Scalar, std));
    const d = tf.sub<tf.Tensor3D>(corrupted as tf.Tensor, z as tf.Tensor);
    const slope = () => {
      // d/dd of d exp(-d^2 / 2s) = (1 - d^2 / s) exp(-d^2 / 2s)
      const decay = tf.sub(1, tf.div(tf.square(d), total));
      return tf.mul<tf.Tensor3D>(tf.mul(tf.mul(g, m as tf.Tensor3D), density(d, total)), decay);
    };
    return {
      z: () => tf.neg(slope()),
      corrupted: () => sumGroups(slope()),
      m: () => tf.mul(tf.mul(g, d), density(d, total)),
      // d log dz / ds = (d^2 / s - 1) / 2s, ds / d log v = v
      logVariance: () => {
        const growth = tf.sub(tf.div(tf.square(d), total), 1);
        return tf.mul(sumAll(tf.mul(tf.mul(g, dz as tf.Tensor3D), growth)), tf.div(learned, tf.mul(total, 2)));
      },
    };
  },
});

/** Normal(d; 0, s): exp(-d^2 / 2s) / sqrt(2 pi s). Underflows to zero far away, never overflows. */
function density(d: tf.Tensor3D, variance: tf.Scalar): tf.Tensor3D {
  const exponent = tf.div<tf.Tensor3D>(tf.square(d), tf.mul(variance, -2));
  return tf.mul(expOfNonPositive(exponent), tf.div(1, tf.sqrt(tf.mul(variance, 2 * Math.PI))));
}
