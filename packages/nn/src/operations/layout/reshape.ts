import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation, type Operation } from '../../operation';

type Attributes = { shape: readonly number[]; inputShape: readonly number[] };

/**
 * The same values, row-major, under another shape. Kernel `TaggerReshape`.
 *
 * Input x of `inputShape`, output of `shape`.
 */
export const reshapeOperation: Operation<{ x: tf.Tensor }, Attributes, [tf.Tensor]> = /* @__PURE__ */ defineOperation({
  kernelName: 'TaggerReshape',
  check({ x }, { shape }) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== x.size || shape.some((length) => !Number.isInteger(length) || length < 0)) {
      throw new TaggerError(
        'INVALID_SHAPE',
        `reshape: [${x.shape}] has ${x.size} values and cannot be reshaped to [${shape}], which has ${size}.`,
      );
    }
  },
  compose: ({ x }: { x: tf.Tensor }, { shape }: Attributes) => [tf.reshape(x, [...shape])],
  gradient: ([dy], _saved, { shape, inputShape }) => ({
    x: () => reshapeOperation({ x: dy as tf.Tensor }, { shape: inputShape, inputShape: shape })[0],
  }),
});

/**
 * The same values under another shape, row-major. The result shares memory with x: do not use both as the second factor
 * of a matrix product (the WASM backend of TensorFlow.js caches that factor by its memory, whatever its shape).
 *
 * @param shape every size stated, no -1
 * @throws TaggerError `INVALID_SHAPE` if the number of values differs
 */
export function reshape<R extends tf.Rank>(x: tf.Tensor, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return reshapeOperation({ x }, { shape: [...shape], inputShape: [...x.shape] })[0] as tf.Tensor<R>;
}
