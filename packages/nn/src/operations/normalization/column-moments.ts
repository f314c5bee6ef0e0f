import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { columnSum } from '../reduction/column-sum';
import { requireShape } from '../../checks/shapes';

/**
 * Mean and biased variance of each column, in two passes. No gradient. Kernel `TaggerColumnMoments`.
 *
 * Input x [R, D]; outputs mean [D], variance [D].
 */
export const columnMomentsOperation = /* @__PURE__ */ defineOperation<
  { x: tf.Tensor2D },
  Record<string, never>,
  [tf.Tensor1D, tf.Tensor1D]
>({
  kernelName: 'TaggerColumnMoments',
  check: ({ x }) => requireShape('columnMoments', 'x', x, [null, null]),
  compose({ x }) {
    const [R] = x.shape;
    const mean = tf.div<tf.Tensor1D>(columnSum(x), R);
    const centered = tf.sub(x, mean) as tf.Tensor2D;
    return [mean, tf.div<tf.Tensor1D>(columnSum(tf.mul(centered, centered)), R)];
  },
});

/** Mean and biased variance of each column. */
export interface ColumnMoments {
  /** [D] */
  readonly mean: tf.Tensor1D;
  /** [D], divided by the number of rows (not by one less). */
  readonly variance: tf.Tensor1D;
}

/**
 * Mean and biased variance of each column. Has no gradient: it computes statistics to keep. The moments inside
 * {@link normalize} have one.
 *
 * @param x [R, D]
 */
export function columnMoments(x: tf.Tensor2D): ColumnMoments {
  const [mean, variance] = columnMomentsOperation({ x }, {});
  return { mean, variance };
}
