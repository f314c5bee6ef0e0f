import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { sumOfSquaresOperation } from './sum-of-squares';

/**
 * The norm of several tensors as one vector; see {@link globalNorm}. No gradient. Kernel `TaggerGlobalNorm`.
 *
 * Inputs `x_0`, `x_1`, .. of any shapes; output a scalar.
 */
export const globalNormOperation = /* @__PURE__ */ defineOperation<
  Record<string, tf.Tensor>,
  Record<string, never>,
  [tf.Scalar]
>({
  kernelName: 'TaggerGlobalNorm',
  compose: (inputs) => [
    tf.sqrt(
      Object.values(inputs)
        .map((x) => sumOfSquaresOperation({ x }, {})[0])
        .reduce((sum, squares) => tf.add(sum, squares), tf.scalar(0)),
    ),
  ],
});

/**
 * `sqrt(sum of x^2)` over all values of all tensors: the norm of a gradient by which to clip it. It has no gradient itself.
 *
 * @param tensors of any shapes
 */
export function globalNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  return globalNormOperation(Object.fromEntries(tensors.map((x, i) => [`x_${i}`, x])), {})[0];
}
