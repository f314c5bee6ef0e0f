import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../errors';

/**
 * The learned variance v, and s = v + sigma^2, the variance of the corrupted input around a prediction (Eq. 15), from
 * log v and the standard deviation sigma of the noise.
 */
export function noisyVariance(logVariance: tf.Scalar, std: number): { learned: tf.Scalar; total: tf.Scalar } {
  const learned = tf.exp(logVariance);
  return { learned, total: tf.add(learned, std * std) };
}

/** Throws `INVALID_OPTION` unless the standard deviation of the noise is positive and finite. */
export function checkStandardDeviation(operation: string, std: number): void {
  if (std > 0 && std < Infinity) return;
  throw new TaggerError(
    'INVALID_OPTION',
    `${operation}: the standard deviation of the noise must be positive and finite, not ${std}.`,
  );
}
