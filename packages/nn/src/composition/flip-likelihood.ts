import * as tf from '@tensorflow/tfjs-core';

/**
 * z~ = (1 - 2 beta) (x~ z + (1 - x~)(1 - z)) + beta, the same as Eq. 13 but without the rounding of 1 - xi: exactly beta if a
 * prediction is certain and wrong.
 */
export function flipLikelihood(corrupted: tf.Tensor2D, z: tf.Tensor3D, probability: number): tf.Tensor3D {
  const agreement = tf.add(tf.mul(z, tf.sub(tf.mul(corrupted, 2), 1)), tf.sub(1, corrupted));
  return tf.add(tf.mul(agreement, 1 - 2 * probability), probability);
}
