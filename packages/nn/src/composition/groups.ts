import * as tf from '@tensorflow/tfjs-core';

import { expOfNonPositive } from './exponential';
import { maxMiddle } from './reductions';

/**
 * Sum over the group axis, [K, B, N] -> [B, N]. Views the tensor as a matrix with few rows, which is fast on tfjs's WASM
 * backend; but not on WebGPU, which cannot transpose a matrix with more than a million columns.
 */
export function sumGroups(x: tf.Tensor3D): tf.Tensor2D {
  const [K, B, N] = x.shape;
  if (tf.getBackend() === 'webgpu') return tf.sum(x, 0);
  return tf.reshape(tf.sum(tf.reshape(x, [K, B * N]), 0), [B, N]);
}

/** Softmax over the group axis and the logarithm of its denominator, [K, B, N] -> [K, B, N], [B, N]. */
export function softmaxGroups(x: tf.Tensor3D): { readonly softmax: tf.Tensor3D; readonly logSumExp: tf.Tensor2D } {
  const [K, B, N] = x.shape;
  const largest = tf.reshape(maxMiddle(tf.reshape(x, [1, K, B * N])), [B, N]) as tf.Tensor2D;
  const weights = expOfNonPositive(tf.sub<tf.Tensor3D>(x, largest));
  const total = sumGroups(weights);
  return { softmax: tf.div(weights, total), logSumExp: tf.add(largest, tf.log(total)) };
}

/** The gradient of a softmax over groups: y (g - sum_h g_h y_h), [K, B, N]. */
export function softmaxGroupsGradient(dy: tf.Tensor3D, y: tf.Tensor3D): tf.Tensor3D {
  return tf.mul(y, tf.sub(dy, sumGroups(tf.mul(dy, y))));
}
