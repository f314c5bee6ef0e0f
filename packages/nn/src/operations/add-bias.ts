import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../operation';
import { columnSum } from './column-sum';
import { ACTIVATIONS, composeRelu, reluGradientOperation, type Activation } from './relu';
import { requireOneOf, requireShape } from './shapes';

type Inputs = { x: tf.Tensor2D; bias: tf.Tensor1D };
type Attributes = { activation: Activation };

/**
 * A bias for each column and, if asked, the rectifier. Kernel `TaggerAddBias`.
 *
 * Inputs x [R, D], bias [D]; output [R, D].
 */
export const addBiasOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor2D]>({
  kernelName: 'TaggerAddBias',
  check({ x, bias }, { activation }) {
    requireShape('addBias', 'x', x, [null, null]);
    requireShape('addBias', 'bias', bias, [x.shape[1]]);
    requireOneOf('addBias', 'activation', activation, ACTIVATIONS);
  },
  compose({ x, bias }, { activation }) {
    const y = tf.add(x, bias) as tf.Tensor2D;
    return [activation === 'relu' ? composeRelu(y) : y];
  },
  saves: { outputs: [true] },
  gradient([dy], [y], { activation }) {
    const dx = (
      activation === 'relu' ? reluGradientOperation({ dy: dy as tf.Tensor, y: y as tf.Tensor }, {})[0] : dy
    ) as tf.Tensor2D;
    return {
      x: () => tf.clone(dx),
      bias: () => columnSum(dx),
    };
  },
});

/**
 * `activation(x + bias)`, the bias added to every row.
 *
 * @param x [R, D]
 * @param bias [D]
 * @param options.activation what is applied to the sum. @default 'none'
 * @returns [R, D]
 * @throws TaggerError `INVALID_SHAPE` where the bias does not fit
 */
export function addBias(
  x: tf.Tensor2D,
  bias: tf.Tensor1D,
  { activation = 'none' }: { readonly activation?: Activation } = {},
): tf.Tensor2D {
  return addBiasOperation({ x, bias }, { activation })[0];
}
