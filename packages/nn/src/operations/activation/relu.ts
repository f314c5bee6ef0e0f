import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { requireShape } from '../../checks/shapes';

/** The activation of an operation's result: none, or ReLU, max(0, y). */
export type Activation = 'none' | 'relu';

/** The values of {@link Activation}. */
export const ACTIVATIONS: readonly Activation[] = ['none', 'relu'];

/** Gradient of the rectifier from its output: `dx = dy` where y > 0, else 0. Kernel `TaggerReluGradient`. */
export const reluGradientOperation = /* @__PURE__ */ defineOperation<
  { dy: tf.Tensor; y: tf.Tensor },
  Record<string, never>,
  [tf.Tensor]
>({
  kernelName: 'TaggerReluGradient',
  check: ({ dy, y }) => requireShape('reluGradient', 'dy', dy, y.shape),
  compose: ({ dy, y }) => [tf.mul(dy, tf.step(y))],
});

/**
 * ReLU composed as x step(x). `tf.relu` on WASM turns a NaN with a set sign bit, such as 0/0, into 0, which would hide
 * that a model diverged.
 */
export function composeRelu<T extends tf.Tensor>(x: T): T {
  return tf.mul(x, tf.step(x));
}

/** The rectifier. Kernel `TaggerRelu`. Input x, output y of the same shape. */
export const reluOperation = /* @__PURE__ */ defineOperation<{ x: tf.Tensor }, Record<string, never>, [tf.Tensor]>({
  kernelName: 'TaggerRelu',
  compose: ({ x }) => [composeRelu(x)],
  saves: { outputs: [true] },
  gradient: ([dy], [y]) => ({ x: () => reluGradientOperation({ dy: dy as tf.Tensor, y: y as tf.Tensor }, {})[0] }),
});

/** `max(0, x)`, elementwise. NaN stays NaN; -Infinity may become NaN. */
export function relu<T extends tf.Tensor>(x: T): T {
  return reluOperation({ x }, {})[0] as T;
}
