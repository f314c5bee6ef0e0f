import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation, type Operation } from '../../operation';

type View = readonly [outer: number, a: number, b: number, inner: number];
type Attributes = { view: View; shape: readonly number[]; inputShape: readonly number[] };

/**
 * Swaps two axes. Kernel `TaggerSwapAxes`.
 *
 * Input x of `inputShape`, seen as `view` [outer, a, b, inner]; output [outer, b, a, inner], of `shape`.
 */
export const swapAxesOperation: Operation<{ x: tf.Tensor }, Attributes, [tf.Tensor]> = /* @__PURE__ */ defineOperation({
  kernelName: 'TaggerSwapAxes',
  check({ x }, { view, shape }) {
    for (const sizes of [view, shape]) {
      const size = sizes.reduce((product, length) => product * length, 1);
      if (size !== x.size || sizes.some((length) => !Number.isInteger(length) || length < 0)) {
        throw new TaggerError(
          'INVALID_SHAPE',
          `swapAxes: [${x.shape}] has ${x.size} values and cannot be viewed as [${sizes}], which has ${size}.`,
        );
      }
    }
  },
  compose: ({ x }: { x: tf.Tensor }, { view, shape }: Attributes) => [
    tf.reshape(tf.transpose(tf.reshape(x, [...view]), [0, 2, 1, 3]), [...shape]),
  ],
  gradient: ([dy], _saved, { view: [outer, a, b, inner], shape, inputShape }) => ({
    x: () =>
      swapAxesOperation(
        { x: dy as tf.Tensor },
        { view: [outer, b, a, inner], shape: inputShape, inputShape: shape },
      )[0],
  }),
});

/**
 * Swaps two axes: views x as [outer, a, b, inner], transposes it to [outer, b, a, inner], and returns that as `shape`.
 *
 * @param view as many values as x has
 * @param shape as many values as x has
 * @throws TaggerError `INVALID_SHAPE` if the number of values differs
 */
export function swapAxes<R extends tf.Rank>(x: tf.Tensor, view: View, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return swapAxesOperation({ x }, { view, shape: [...shape], inputShape: [...x.shape] })[0] as tf.Tensor<R>;
}
