import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { requireShape } from '../../checks/shapes';

/** Gradient of the sigmoid from its output: `dx = dy y (1 - y)`. Kernel `TaggerSigmoidGradient`. */
export const sigmoidGradientOperation = /* @__PURE__ */ defineOperation<
  { dy: tf.Tensor; y: tf.Tensor },
  Record<string, never>,
  [tf.Tensor]
>({
  kernelName: 'TaggerSigmoidGradient',
  check: ({ dy, y }) => requireShape('sigmoidGradient', 'dy', dy, y.shape),
  compose: ({ dy, y }) => [tf.mul(dy, tf.mul(y, tf.sub(1, y)))],
});

/** The logistic function. Kernel `TaggerSigmoid`. Input x, output y of the same shape. */
export const sigmoidOperation = /* @__PURE__ */ defineOperation<{ x: tf.Tensor }, Record<string, never>, [tf.Tensor]>({
  kernelName: 'TaggerSigmoid',
  compose: ({ x }) => [tf.sigmoid(x)],
  saves: { outputs: [true] },
  gradient: ([dy], [y]) => ({ x: () => sigmoidGradientOperation({ dy: dy as tf.Tensor, y: y as tf.Tensor }, {})[0] }),
});

/** `1 / (1 + exp(-x))`, elementwise. */
export function sigmoid<T extends tf.Tensor>(x: T): T {
  return sigmoidOperation({ x }, {})[0] as T;
}
