import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { requireShape } from '../../checks/shapes';

/** What an operation may apply to its result: nothing, or the rectifier max(0, y). */
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
 * The rectifier composed: x step(x). Not `tf.relu`, which on WASM makes 0 of a NaN whose sign bit is set, as that of 0/0
 * is, and so hides that a model diverged.
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
