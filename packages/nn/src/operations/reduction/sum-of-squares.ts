import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { sumAll } from '../../composition/reductions';

/** Sum of squares. No gradient. Kernel `TaggerSumOfSquares`. Input x of any shape, output a scalar. */
export const sumOfSquaresOperation = /* @__PURE__ */ defineOperation<
  { x: tf.Tensor },
  Record<string, never>,
  [tf.Scalar]
>({
  kernelName: 'TaggerSumOfSquares',
  compose: ({ x }) => [sumAll(tf.mul(x, x))],
});

/**
 * `sum of x^2` over all values, summed in chunks to stay accurate for any number of values. For the norm of a
 * gradient; it has no gradient itself.
 *
 * @param x of any shape
 */
export function sumOfSquares(x: tf.Tensor): tf.Scalar {
  return sumOfSquaresOperation({ x }, {})[0];
}
