import * as tf from '@tensorflow/tfjs-core';

/** A parameter filled with one value. */
export function filled<R extends tf.Rank>(shape: tf.ShapeMap[R], value: number): tf.Variable<R> {
  return tf.tidy(() => tf.variable(tf.fill<R>(shape, value)));
}
