import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { expOfNonPositive } from '../../composition/exponential';
import { checkPositive } from '../../checks/options';
import { noisyVariance } from '../../composition/noisy-variance';
import { checkGroupShapes } from '../../checks/shapes';
import { sumGroups } from '../../composition/groups';
import { sumAll } from '../../composition/reductions';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D; m: tf.Tensor3D; logVariance: tf.Scalar };
type Attributes = { standardDeviation: number };

/**
 * Gradient of {@link gaussianAlgorithmErrorOperation} with respect to predictions, assignments and variance. Kernel
 * `TaggerGaussianAlgorithmErrorGradient`.
 *
 *     for z_k: g_k m_k phi_k (d_k^2 / s - 1),   for m_k: g_k d_k phi_k,   for log v: v / 2s sum of the first times d_k
 *
 * with d = x~ - z, s = v + sigma^2, phi_k = Normal(d_k; 0, s). Inputs: dy, written g, [K, B, N], and those of the
 * operation; attribute: standardDeviation; outputs: two [K, B, N] and one [].
 */
export const gaussianAlgorithmErrorGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Tensor3D },
  Attributes,
  [tf.Tensor3D, tf.Tensor3D, tf.Scalar]
>({
  kernelName: 'TaggerGaussianAlgorithmErrorGradient',
  check({ dy, corrupted, z, m, logVariance }) {
    checkGroupShapes('gaussianAlgorithmErrorGradient', {
      input: { corrupted },
      groups: { z, m, dy },
      scalars: { logVariance },
    });
  },
  compose({ dy, corrupted, z, m, logVariance }, { standardDeviation }) {
    const { learned, total } = noisyVariance(logVariance, standardDeviation);
    const d = tf.sub<tf.Tensor3D>(corrupted, z);
    const weighed = tf.mul<tf.Tensor3D>(dy, density(d, total));
    // d/dd of d exp(-d^2 / 2s) = (1 - d^2 / s) exp(-d^2 / 2s), and dd = -dz
    const dz = tf.mul<tf.Tensor3D>(tf.mul(weighed, m), tf.sub(tf.div(tf.square(d), total), 1));
    // d log dz / ds = (d^2 / s - 1) / 2s, ds / d log v = v
    return [dz, tf.mul(weighed, d), tf.mul(sumAll(tf.mul(dz, d)), tf.div(learned, tf.mul(total, 2)))];
  },
});

/**
 * The Gaussian modeling error as Algorithm 2 prints it (Eq. 24), the form 'algorithm' of
 * {@link gaussianModelingError}. Kernel `TaggerGaussianAlgorithmError`.
 *
 *     dz_k = (x~ - z_k) m_k Normal(x~; z_k, v + sigma^2)
 *
 * Inputs: corrupted [B, N], z and m [K, B, N], logVariance []; attribute: standardDeviation; output [K, B, N].
 */
export const gaussianAlgorithmErrorOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor3D]>({
  kernelName: 'TaggerGaussianAlgorithmError',
  check({ corrupted, z, m, logVariance }, { standardDeviation }) {
    checkGroupShapes('gaussianModelingError', { input: { corrupted }, groups: { z, m }, scalars: { logVariance } });
    checkPositive('gaussianModelingError', 'standardDeviation', standardDeviation);
  },
  compose({ corrupted, z, m, logVariance }, { standardDeviation }) {
    const { total } = noisyVariance(logVariance, standardDeviation);
    const d = tf.sub<tf.Tensor3D>(corrupted, z);
    return [tf.mul(tf.mul(d, m), density(d, total))];
  },
  saves: { inputs: ['corrupted', 'z', 'm', 'logVariance'] },
  gradient([dy], [corrupted, z, m, logVariance], { standardDeviation }) {
    const inputs = {
      dy: dy as tf.Tensor3D,
      corrupted: corrupted as tf.Tensor2D,
      z: z as tf.Tensor3D,
      m: m as tf.Tensor3D,
      logVariance: logVariance as tf.Scalar,
    };
    const [dPrediction, dAssignment, dLogVariance] = gaussianAlgorithmErrorGradientOperation(inputs, {
      standardDeviation,
    });
    return {
      z: () => dPrediction,
      corrupted: () => tf.neg(sumGroups(dPrediction)),
      m: () => dAssignment,
      logVariance: () => dLogVariance,
    };
  },
});

/** Normal(d; 0, s): exp(-d^2 / 2s) / sqrt(2 pi s). Underflows to zero far from the mean; never overflows. */
function density(d: tf.Tensor3D, variance: tf.Scalar): tf.Tensor3D {
  const exponent = tf.div<tf.Tensor3D>(tf.square(d), tf.mul(variance, -2));
  return tf.mul(expOfNonPositive(exponent), tf.div(1, tf.sqrt(tf.mul(variance, 2 * Math.PI))));
}
