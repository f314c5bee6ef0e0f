import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { requireShape } from '../../checks/shapes';

type Inputs = { a: tf.Tensor2D; b: tf.Tensor2D };

/** The sum of two matrices. Kernel `TaggerAdd`. Inputs a and b [R, D], output [R, D]. */
export const addOperation = /* @__PURE__ */ defineOperation<Inputs, Record<string, never>, [tf.Tensor2D]>({
  kernelName: 'TaggerAdd',
  check({ a, b }) {
    requireShape('add', 'a', a, [null, null]);
    requireShape('add', 'b', b, a.shape);
  },
  compose: ({ a, b }) => [tf.add(a, b)],
  gradient: ([dy]) => ({ a: () => tf.clone(dy as tf.Tensor), b: () => tf.clone(dy as tf.Tensor) }),
});

/**
 * `a + b`, elementwise, such as noise added to a layer.
 *
 * @param a [R, D]
 * @param b [R, D]
 * @returns [R, D]
 * @throws TaggerError `INVALID_SHAPE` if the shapes differ
 */
export function add(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return addOperation({ a, b }, {})[0];
}
