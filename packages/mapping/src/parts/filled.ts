import * as tf from '@tensorflow/tfjs-core';

/** A parameter of one value all over. */
export function filled<R extends tf.Rank>(shape: tf.ShapeMap[R], value: number): tf.Variable<R> {
  return tf.tidy(() => tf.variable(tf.fill<R>(shape, value)));
}
