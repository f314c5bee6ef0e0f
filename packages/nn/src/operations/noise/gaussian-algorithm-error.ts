import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { expOfNonPositive } from '../../composition/exponential';
import { checkPositive } from '../../checks/options';
import { noisyVariance } from '../../composition/noisy-variance';
import { checkGroupShapes } from '../../checks/shapes';
import { repeatChannels, sumChannels } from '../../composition/channels';
import { sumGroups } from '../../composition/groups';
import { sumAll } from '../../composition/reductions';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D; m: tf.Tensor3D; logVariance: tf.Scalar };
type Attributes = { standardDeviation: number; channels?: number };

/**
 * Gradient of {@link gaussianAlgorithmErrorOperation} with respect to predictions, assignments and variance. Kernel
 * `TaggerGaussianAlgorithmErrorGradient`.
 *
 *     for z_k: g_k m_k phi_k (d_k^2 / s - 1),   for m_k: g_k d_k phi_k,   for log v: v / 2s sum of the first times d_k
 *
 * with d = x~ - z, s = v + sigma^2, phi_k = Normal(d_k; 0, s). With several channels, phi_k is the product over a pixel's, and
 * G_k the sum of g_k d_k over them:
 *
 *     for z_k: m_k phi_k (G_k d_k / s - g_k),   for m_k: G_k phi_k,   for log v: v / 2s sum of m_k phi_k G_k (|d_k|^2 / s - C)
 *
 * Inputs: dy, written g, [K, B, N], and those of the operation; attributes: standardDeviation, channels; outputs: [K, B, N],
 * [K, B, P] and [].
 */
export const gaussianAlgorithmErrorGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Tensor3D },
  Attributes,
  [tf.Tensor3D, tf.Tensor3D, tf.Scalar]
>({
  kernelName: 'TaggerGaussianAlgorithmErrorGradient',
  check({ dy, corrupted, z, m, logVariance }, { channels }) {
    checkGroupShapes('gaussianAlgorithmErrorGradient', {
      input: { corrupted },
      groups: { z, dy },
      pixels: { m },
      scalars: { logVariance },
      channels,
    });
  },
  compose({ dy, corrupted, z, m, logVariance }, { standardDeviation, channels = 1 }) {
    const { learned, total } = noisyVariance(logVariance, standardDeviation);
    const d = tf.sub<tf.Tensor3D>(corrupted, z);
    const phi = density(d, total, channels);
    if (channels > 1) {
      const gd = sumChannels(tf.mul<tf.Tensor3D>(dy, d), channels);
      const dm = tf.mul<tf.Tensor3D>(gd, phi);
      const weight = tf.mul<tf.Tensor3D>(m, phi);
      const dz = tf.mul<tf.Tensor3D>(
        repeatChannels(weight, channels),
        tf.sub(tf.div(tf.mul(repeatChannels(gd, channels), d), total), dy),
      );
      const distance = tf.sub(tf.div(sumChannels(tf.square(d), channels), total), channels);
      const change = sumAll(tf.mul(tf.mul(dm, m), distance));
      return [dz, dm, tf.mul(change, tf.div(learned, tf.mul(total, 2)))];
    }
    const weighed = tf.mul<tf.Tensor3D>(dy, phi);
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
 * Inputs: corrupted [B, N], z [K, B, N], m [K, B, N/C], logVariance []; attributes: standardDeviation, channels C (1);
 * output [K, B, N].
 */
export const gaussianAlgorithmErrorOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor3D]>({
  kernelName: 'TaggerGaussianAlgorithmError',
  check({ corrupted, z, m, logVariance }, { standardDeviation, channels }) {
    checkGroupShapes('gaussianModelingError', {
      input: { corrupted },
      groups: { z },
      pixels: { m },
      scalars: { logVariance },
      channels,
    });
    checkPositive('gaussianModelingError', 'standardDeviation', standardDeviation);
  },
  compose({ corrupted, z, m, logVariance }, { standardDeviation, channels = 1 }) {
    const { total } = noisyVariance(logVariance, standardDeviation);
    const d = tf.sub<tf.Tensor3D>(corrupted, z);
    const phi = density(d, total, channels);
    return [tf.mul(tf.mul(d, repeatChannels(m, channels)), repeatChannels(phi, channels))];
  },
  saves: { inputs: ['corrupted', 'z', 'm', 'logVariance'] },
  gradient([dy], [corrupted, z, m, logVariance], attributes) {
    const inputs = {
      dy: dy as tf.Tensor3D,
      corrupted: corrupted as tf.Tensor2D,
      z: z as tf.Tensor3D,
      m: m as tf.Tensor3D,
      logVariance: logVariance as tf.Scalar,
    };
    const [dPrediction, dAssignment, dLogVariance] = gaussianAlgorithmErrorGradientOperation(inputs, attributes);
    return {
      z: () => dPrediction,
      corrupted: () => tf.neg(sumGroups(dPrediction)),
      m: () => dAssignment,
      logVariance: () => dLogVariance,
    };
  },
});

/**
 * Normal(d; 0, s): exp(-d^2 / 2s) / sqrt(2 pi s), the product over the channels of a pixel. Underflows to zero far from the
 * mean. [K, B, P]
 *
 * The product is a power of the channels' geometric mean, so that no part of it overflows unless the product does.
 */
function density(d: tf.Tensor3D, variance: tf.Scalar, channels: number): tf.Tensor3D {
  const exponent = tf.div<tf.Tensor3D>(sumChannels(tf.square(d), channels), tf.mul(variance, -2 * channels));
  const one = tf.div<tf.Scalar>(1, tf.sqrt(tf.mul(variance, 2 * Math.PI)));
  return power(tf.mul(expOfNonPositive(exponent), one), channels);
}

/** x^n by squaring. */
function power(x: tf.Tensor3D, n: number): tf.Tensor3D {
  if (n === 1) return x;
  const half = power(x, Math.floor(n / 2));
  const square = tf.square(half);
  return n % 2 === 0 ? square : tf.mul(square, x);
}
