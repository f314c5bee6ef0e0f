import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../errors';

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

/** Throws `INVALID_OPTION` unless the standard deviation of the noise is positive and finite. */
export function checkStandardDeviation(operation: string, standardDeviation: number): void {
  if (standardDeviation > 0 && standardDeviation < Infinity) return;
  throw new TaggerError(
    'INVALID_OPTION',
    `${operation}: the standard deviation of the noise must be positive and finite, not ${standardDeviation}.`,
  );
}
