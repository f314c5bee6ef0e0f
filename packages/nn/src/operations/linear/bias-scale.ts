import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { columnSum } from '../reduction/column-sum';
import { requireShape } from '../../checks/shapes';

type Inputs = { x: tf.Tensor2D; bias: tf.Tensor1D; gain: tf.Tensor1D };

/**
 * Gradient of {@link biasScaleOperation}. Kernel `TaggerBiasScaleGradient`.
 *
 * Inputs dy [R, D], x [R, D], bias [D], gain [D]; outputs dx [R, D], dbias [D], dgain [D].
 */
export const biasScaleGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Tensor2D },
  Record<string, never>,
  [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D]
>({
  kernelName: 'TaggerBiasScaleGradient',
  check({ dy, ...inputs }) {
    checkShapes('biasScaleGradient', inputs);
    requireShape('biasScaleGradient', 'dy', dy, inputs.x.shape);
  },
  compose: ({ dy, x, bias, gain }) => [
    tf.mul(dy, gain),
    tf.mul(columnSum(dy), gain),
    columnSum(tf.mul(dy, tf.add(x, bias))),
  ],
});

/**
 * A bias, then a gain, for each column: `y = gain (x + bias)`. Kernel `TaggerBiasScale`.
 *
 * Inputs x [R, D], bias [D], gain [D]; output [R, D].
 */
export const biasScaleOperation = /* @__PURE__ */ defineOperation<Inputs, Record<string, never>, [tf.Tensor2D]>({
  kernelName: 'TaggerBiasScale',
  check: (inputs) => checkShapes('biasScale', inputs),
  compose: ({ x, bias, gain }) => [tf.mul(tf.add(x, bias), gain)],
  saves: { inputs: ['x', 'bias', 'gain'] },
  gradient([dy], [x, bias, gain]) {
    const inputs = { x: x as tf.Tensor2D, bias: bias as tf.Tensor1D, gain: gain as tf.Tensor1D };
    const [dx, dBias, dGain] = biasScaleGradientOperation({ dy: dy as tf.Tensor2D, ...inputs }, {});
    return { x: () => dx, bias: () => dBias, gain: () => dGain };
  },
});

/**
 * `gain (x + bias)`, both per column, as before the softmax of the Ladder's top layer.
 *
 * @param x [R, D]
 * @param bias [D]
 * @param gain [D]
 * @returns [R, D]
 * @throws TaggerError `INVALID_SHAPE` if bias or gain do not fit
 */
export function biasScale(x: tf.Tensor2D, bias: tf.Tensor1D, gain: tf.Tensor1D): tf.Tensor2D {
  return biasScaleOperation({ x, bias, gain }, {})[0];
}

function checkShapes(operation: string, { x, bias, gain }: Inputs): void {
  requireShape(operation, 'x', x, [null, null]);
  requireShape(operation, 'bias', bias, [x.shape[1]]);
  requireShape(operation, 'gain', gain, [x.shape[1]]);
}
