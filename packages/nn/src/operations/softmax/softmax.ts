import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';
import { requireShape } from '../../checks/shapes';
import { expOfNonPositive } from '../../composition/exponential';
import { maxMiddle, sumMiddle } from '../../composition/reductions';

type Attributes = { axis: number };

/** A tensor seen as [outer, n, inner] with n the size of the axis. */
function around(x: tf.Tensor, axis: number): tf.Tensor3D {
  const product = (sizes: readonly number[]) => sizes.reduce((size, length) => size * length, 1);
  return tf.reshape(x, [product(x.shape.slice(0, axis)), x.shape[axis] as number, product(x.shape.slice(axis + 1))]);
}

/**
 * Gradient of the softmax from its output: `dx = y (dy - sum of dy y)`. Kernel `TaggerSoftmaxGradient`.
 *
 * Inputs dy, y of the same shape; attribute `axis`, 0 or above; output of the same shape.
 */
export const softmaxGradientOperation = /* @__PURE__ */ defineOperation<
  { dy: tf.Tensor; y: tf.Tensor },
  Attributes,
  [tf.Tensor]
>({
  kernelName: 'TaggerSoftmaxGradient',
  check({ dy, y }, { axis }) {
    requireShape('softmaxGradient', 'dy', dy, y.shape);
    requireAxis('softmaxGradient', y, axis);
  },
  compose({ dy, y }, { axis }) {
    const product = around(tf.mul(dy, y), axis);
    const sum = product.shape[2] === 1 ? tf.sum(product, 1, true) : sumMiddle(product as tf.Tensor3D);
    const dx = tf.mul(around(y, axis), tf.sub(around(dy, axis), sum));
    return [tf.reshape(dx, y.shape)];
  },
});

/** Softmax over one axis. Kernel `TaggerSoftmax`. Input x, attribute `axis`, 0 or above; output of x's shape. */
export const softmaxOperation = /* @__PURE__ */ defineOperation<{ x: tf.Tensor }, Attributes, [tf.Tensor]>({
  kernelName: 'TaggerSoftmax',
  check: ({ x }, { axis }) => requireAxis('softmax', x, axis),
  compose({ x }, { axis }) {
    const x3 = around(x, axis);
    if (x3.shape[2] === 1) return [tf.reshape(tf.softmax(tf.reshape(x3, [x3.shape[0], x3.shape[1]])), x.shape)];
    const exponentials = expOfNonPositive(tf.sub<tf.Tensor3D>(x3, maxMiddle(x3)));
    return [tf.reshape(tf.mul(exponentials, tf.reciprocal(sumMiddle(exponentials))), x.shape)];
  },
  saves: { outputs: [true] },
  gradient: ([dy], [y], { axis }) => ({
    x: () => softmaxGradientOperation({ dy: dy as tf.Tensor, y: y as tf.Tensor }, { axis })[0],
  }),
});

/**
 * `exp(x) / sum of exp(x)` over one axis, shifted by the maximum so that nothing overflows.
 *
 * @param x of any shape
 * @param options the axis
 * @param options.axis negative counts from the end. @default -1
 * @returns a tensor of x's shape that sums to 1 over the axis
 * @throws TaggerError `INVALID_OPTION` if the tensor does not have the axis
 */
export function softmax<T extends tf.Tensor>(x: T, { axis = -1 }: { readonly axis?: number } = {}): T {
  return softmaxOperation({ x }, { axis: axis < 0 ? axis + x.rank : axis })[0] as T;
}

function requireAxis(operation: string, x: tf.Tensor, axis: number): void {
  if (Number.isInteger(axis) && axis >= 0 && axis < x.rank) return;
  throw new TaggerError(
    'INVALID_OPTION',
    `${operation}: 'axis' must be an axis of the tensor of shape [${x.shape}], from ${-x.rank} to ${x.rank - 1}.`,
  );
}
