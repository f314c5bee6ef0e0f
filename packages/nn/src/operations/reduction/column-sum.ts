import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { sumColumns } from '../../composition/reductions';
import { requireShape } from '../../checks/shapes';

/** The sum of each column, the gradient of every bias. Kernel `TaggerColumnSum`. Input x [R, D], output [D]. */
export const columnSumOperation = /* @__PURE__ */ defineOperation<{ x: tf.Tensor2D }, { rows: number }, [tf.Tensor1D]>({
  kernelName: 'TaggerColumnSum',
  check: ({ x }) => requireShape('columnSum', 'x', x, [null, null]),
  compose: ({ x }) => [sumColumns(x)],
  gradient: ([dy], _saved, { rows }) => ({
    // [D] -> [R, D]
    x: () => tf.add(tf.zeros([rows, (dy as tf.Tensor1D).shape[0]]), dy as tf.Tensor1D),
  }),
});

/**
 * Sum of each column: `y_d = sum_r x_rd`.
 *
 * @param x [R, D]
 * @returns [D]
 */
export function columnSum(x: tf.Tensor2D): tf.Tensor1D {
  return columnSumOperation({ x }, { rows: x.shape[0] })[0];
}
