import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { columnSum } from '../reduction/column-sum';
import { ACTIVATIONS, composeRelu, reluGradientOperation, type Activation } from '../activation/relu';
import { checkOneOf } from '../../checks/options';
import { requireShape } from '../../checks/shapes';

type Inputs = { x: tf.Tensor2D; bias: tf.Tensor1D };
type Attributes = { activation: Activation };

/**
 * Gradient of {@link addBiasOperation} with the rectifier, from its output: dx, which is dy where y > 0, else 0, and the sum
 * of each column of dx, the gradient of the bias. Kernel `TaggerAddBiasGradient`.
 *
 * Inputs dy, y, both [R, D]; outputs dx [R, D], dbias [D].
 */
export const addBiasGradientOperation = /* @__PURE__ */ defineOperation<
  { dy: tf.Tensor2D; y: tf.Tensor2D },
  Record<string, never>,
  [tf.Tensor2D, tf.Tensor1D]
>({
  kernelName: 'TaggerAddBiasGradient',
  check({ dy, y }) {
    requireShape('addBiasGradient', 'y', y, [null, null]);
    requireShape('addBiasGradient', 'dy', dy, y.shape);
  },
  compose(inputs) {
    const dx = reluGradientOperation(inputs, {})[0] as tf.Tensor2D;
    return [dx, columnSum(dx)];
  },
});

/**
 * Adds a bias to each column and optionally applies the rectifier. Kernel `TaggerAddBias`.
 *
 * Inputs x [R, D], bias [D]; output [R, D].
 */
export const addBiasOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor2D]>({
  kernelName: 'TaggerAddBias',
  check({ x, bias }, { activation }) {
    requireShape('addBias', 'x', x, [null, null]);
    requireShape('addBias', 'bias', bias, [x.shape[1]]);
    checkOneOf('addBias', 'activation', activation, ACTIVATIONS);
  },
  compose({ x, bias }, { activation }) {
    const y = tf.add(x, bias) as tf.Tensor2D;
    return [activation === 'relu' ? composeRelu(y) : y];
  },
  saves: { outputs: [true] },
  gradient([dy], [y], { activation }) {
    if (activation === 'none')
      return { x: () => tf.clone(dy as tf.Tensor2D), bias: () => columnSum(dy as tf.Tensor2D) };
    const [dx, dBias] = addBiasGradientOperation({ dy: dy as tf.Tensor2D, y: y as tf.Tensor2D }, {});
    return { x: () => dx, bias: () => dBias };
  },
});

/**
 * `activation(x + bias)`, the bias added to every row.
 *
 * @param x [R, D]
 * @param bias [D]
 * @param options the activation
 * @param options.activation applied to the sum. @default 'none'
 * @returns [R, D]
 * @throws TaggerError `INVALID_SHAPE` if the bias does not fit
 */
export function addBias(
  x: tf.Tensor2D,
  bias: tf.Tensor1D,
  { activation = 'none' }: { readonly activation?: Activation } = {},
): tf.Tensor2D {
  return addBiasOperation({ x, bias }, { activation })[0];
}
