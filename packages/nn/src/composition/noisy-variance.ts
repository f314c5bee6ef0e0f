import * as tf from '@tensorflow/tfjs-core';

/**
 * The learned variance v, and s = v + sigma^2, the variance of the corrupted input around a prediction (Eq. 15), from
 * log v and the standard deviation sigma of the noise.
 */
export function noisyVariance(
  logVariance: tf.Scalar,
  standardDeviation: number,
): { learned: tf.Scalar; total: tf.Scalar } {
  const learned = tf.exp(logVariance);
  return { learned, total: tf.add(learned, standardDeviation * standardDeviation) };
}
