import type * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';
import { matMul, matMulOperation } from './matmul';

type Attributes = {
  /** The value of each feature, NaN for one that varies. */
  constants: readonly number[];
};

/**
 * Gradient of {@link featureProductOperation} with respect to the weights, `x^T dy`. Kernel `TaggerFeatureProductGradient`.
 *
 * Inputs x [R, F*N] and dy [R, H], attribute: constants; output [F*N, H].
 */
export const featureProductGradientOperation = /* @__PURE__ */ defineOperation<
  { x: tf.Tensor2D; dy: tf.Tensor2D },
  Attributes,
  [tf.Tensor2D]
>({
  kernelName: 'TaggerFeatureProductGradient',
  check: ({ x, dy }, { constants }) => checkFeatures('featureProductGradient', x, constants, dy, x.shape[0]),
  compose: ({ x, dy }) => matMulOperation({ a: x, b: dy }, { transposeA: true, transposeB: false }),
});

/**
 * The product of stacked features and weights; see {@link featureProduct}. Kernel `TaggerFeatureProduct`.
 *
 * Inputs x [R, F*N] and weights [F*N, H], attribute: constants; output [R, H].
 */
export const featureProductOperation = /* @__PURE__ */ defineOperation<
  { x: tf.Tensor2D; weights: tf.Tensor2D },
  Attributes,
  [tf.Tensor2D]
>({
  kernelName: 'TaggerFeatureProduct',
  check: ({ x, weights }, { constants }) => checkFeatures('featureProduct', x, constants, weights, x.shape[1]),
  compose: ({ x, weights }) => matMulOperation({ a: x, b: weights }, { transposeA: false, transposeB: false }),
  saves: { inputs: ['x', 'weights'] },
  gradient([dy], [x, weights], attributes) {
    const g = dy as tf.Tensor2D;
    return {
      x: () => matMul(g, weights as tf.Tensor2D, { transposeB: true }),
      weights: () => featureProductGradientOperation({ x: x as tf.Tensor2D, dy: g }, attributes)[0],
    };
  },
});

/**
 * `x weights` for stacked features of which some are constant: {@link matMul}, but a backend can save the work for those. With
 * W_f the weights of feature f, a constant feature c_f adds `c_f (sum of the rows of W_f)` to every row.
 *
 * @param x [R, F*N], from {@link stackFeatures}; it must contain the constants too
 * @param weights [F*N, H]
 * @param constants the value of each of the F features if all of its elements are the same, NaN if not
 * @returns [R, H]
 * @throws TaggerError `INVALID_SHAPE`
 */
export function featureProduct(x: tf.Tensor2D, weights: tf.Tensor2D, constants: readonly number[]): tf.Tensor2D {
  return featureProductOperation({ x, weights }, { constants })[0];
}

/** Checks x, and that the other factor is a matrix with so many rows. */
function checkFeatures(
  operation: string,
  x: tf.Tensor2D,
  { length }: readonly number[],
  other: tf.Tensor2D,
  rows: number | undefined,
): void {
  if (x.rank !== 2 || length === 0 || (x.shape[1] as number) % length !== 0) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `${operation}: x [${x.shape}] must be a matrix of ${length} features of one size.`,
    );
  }
  if (other.rank !== 2 || other.shape[0] !== rows) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `${operation}: the other factor must be a matrix with ${rows} rows for x [${x.shape}], got [${other.shape}].`,
    );
  }
}
