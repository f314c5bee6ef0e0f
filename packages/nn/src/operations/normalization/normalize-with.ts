import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import type { ColumnMoments } from './column-moments';
import type { NormalizeScaling, VectorOrScalar } from './normalize';
import { sumLike } from '../../composition/reductions';
import { ACTIVATIONS, composeRelu, reluGradientOperation, type Activation } from '../activation/relu';
import { checkOneOf, checkPositive } from '../../checks/options';
import { requireShape, requireVectorOrScalar } from '../../checks/shapes';

type Inputs = {
  x: tf.Tensor2D;
  mean: tf.Tensor1D;
  variance: tf.Tensor1D;
  gain: VectorOrScalar;
  bias: VectorOrScalar;
};
type Attributes = { epsilon: number; activation: Activation; hasGain: boolean; hasBias: boolean };

/** `gain / sqrt(variance + epsilon)`, [D]. */
const scaleOf = (variance: tf.Tensor1D, gain: VectorOrScalar, { epsilon, hasGain }: Attributes): tf.Tensor1D => {
  const inverseStd = tf.rsqrt(tf.add(variance, epsilon)) as tf.Tensor1D;
  return hasGain ? tf.mul(inverseStd, gain) : inverseStd;
};

/**
 * Normalization by given statistics, with gain, bias and ReLU. Kernel `TaggerNormalizeWith`.
 *
 * Inputs x [R, D], mean [D], variance [D], gain and bias each [D] or a scalar (1 and 0 if absent, according to `hasGain` and
 * `hasBias`). Output [R, D]. The statistics have no gradient.
 */
export const normalizeWithOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor2D]>({
  kernelName: 'TaggerNormalizeWith',
  check({ x, mean, variance, gain, bias }, { epsilon, activation }) {
    checkOneOf('normalizeWith', 'activation', activation, ACTIVATIONS);
    checkPositive('normalizeWith', 'epsilon', epsilon);
    requireShape('normalizeWith', 'x', x, [null, null]);
    requireShape('normalizeWith', 'mean', mean, [x.shape[1]]);
    requireShape('normalizeWith', 'variance', variance, [x.shape[1]]);
    requireVectorOrScalar('normalizeWith', 'gain', gain, x.shape[1]);
    requireVectorOrScalar('normalizeWith', 'bias', bias, x.shape[1]);
  },
  compose({ x, mean, variance, gain, bias }, attributes) {
    let y = tf.mul(tf.sub(x, mean), scaleOf(variance, gain, attributes)) as tf.Tensor2D;
    if (attributes.hasBias) y = tf.add(y, bias);
    return [attributes.activation === 'relu' ? composeRelu(y) : y];
  },
  saves: { inputs: ['x', 'mean', 'variance', 'gain', 'bias'], outputs: [true] },
  gradient([dy], saved, attributes) {
    const [x, mean, variance, gain, bias, y] = saved as [
      tf.Tensor2D,
      tf.Tensor1D,
      tf.Tensor1D,
      VectorOrScalar,
      VectorOrScalar,
      tf.Tensor2D,
    ];
    const g = (
      attributes.activation === 'relu' ? reluGradientOperation({ dy: dy as tf.Tensor, y }, {})[0] : dy
    ) as tf.Tensor2D;
    return {
      x: () => tf.mul(g, scaleOf(variance, gain, attributes)),
      gain: () => {
        const inverseStd = tf.rsqrt(tf.add(variance, attributes.epsilon));
        return sumLike(tf.mul(g, tf.mul(tf.sub(x, mean), inverseStd)), gain);
      },
      bias: () => sumLike(g, bias),
    };
  },
});

/** Options of {@link normalizeWith}. */
export interface NormalizeWithOptions extends NormalizeScaling, ColumnMoments {
  /** Added to the variance, above 0. */
  readonly epsilon: number;
}

/**
 * `activation( (x - mean) / sqrt(variance + epsilon) * gain + bias )` with given mean and variance: batch normalization
 * by calibrated statistics. Gradients flow to x, gain and bias.
 *
 * @param x [R, D]
 * @returns [R, D]
 * @throws TaggerError `INVALID_SHAPE` if statistics, gain or bias do not fit
 */
export function normalizeWith(
  x: tf.Tensor2D,
  { mean, variance, epsilon, gain, bias, activation = 'none' }: NormalizeWithOptions,
): tf.Tensor2D {
  return tf.tidy(
    () =>
      normalizeWithOperation(
        { x, mean, variance, gain: gain ?? tf.scalar(1), bias: bias ?? tf.scalar(0) },
        { epsilon, activation, hasGain: gain !== undefined, hasBias: bias !== undefined },
      )[0],
  );
}
