import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { meanColumns, sumLike } from '../../composition/reductions';
import { ACTIVATIONS, composeRelu, reluGradientOperation, type Activation } from '../activation/relu';
import { checkOneOf, checkPositive } from '../../checks/options';
import { requireShape, requireVectorOrScalar } from '../../checks/shapes';

/**
 * The axis over which normalization computes mean and variance:
 *
 * - `'layer'`: the features of each row; no dependence on the batch
 * - `'batch'`: the rows, for each feature
 */
export type Norm = 'layer' | 'batch';

/** The values of {@link Norm}. */
export const NORMS: readonly Norm[] = ['layer', 'batch'];

/** The defaults of epsilon, which is added to the variance. */
export const NORMALIZATION_EPSILON: Readonly<Record<Norm, number>> = { layer: 1e-8, batch: 1e-10 };

/** One value per feature, [D], or one for all. */
export type VectorOrScalar = tf.Tensor1D | tf.Scalar;

type Inputs = { x: tf.Tensor2D; gain: VectorOrScalar; bias: VectorOrScalar };
type Attributes = {
  norm: Norm;
  epsilon: number;
  activation: Activation;
  /** Whether there is a gain; if not, the input is not used. */
  hasGain: boolean;
  /** Whether there is a bias; if not, the input is not used. */
  hasBias: boolean;
  /** Whether to return y alone: for calls without gradients. A kernel may still return all three. */
  onlyOutput?: boolean;
};
type Outputs = [y: tf.Tensor2D, mean: tf.Tensor1D, inverseStd: tf.Tensor1D];
type GradientInputs = Inputs & {
  dy: tf.Tensor2D;
  dMean: tf.Tensor1D;
  dInverseStd: tf.Tensor1D;
  y: tf.Tensor2D;
  mean: tf.Tensor1D;
  inverseStd: tf.Tensor1D;
};

/**
 * Gradient of {@link normalizeOperation}. Kernel `TaggerNormalizeGradient`.
 *
 * With n the number of values normalized over, g = gain dy (where y > 0, if rectified), xhat = (x - mean) inverseStd,
 * and means over the normalized axis:
 *
 *     dx    = inverseStd (g - (mean(g) - dMean / (n inverseStd)) - xhat (mean(g xhat) + dInverseStd inverseStd / n))
 *     dgain = sum of dy xhat,  dbias = sum of dy
 *
 * Inputs: those of the operation, its outputs y, mean, inverseStd, and the gradients dy [R, D], dMean and dInverseStd of
 * these. Outputs: dx [R, D]; dgain and dbias, each of its parameter's shape (the scalar 0 if it is absent).
 */
export const normalizeGradientOperation = /* @__PURE__ */ defineOperation<
  GradientInputs,
  Attributes,
  [tf.Tensor2D, VectorOrScalar, VectorOrScalar]
>({
  kernelName: 'TaggerNormalizeGradient',
  check({ dy, y, dMean, dInverseStd, mean, inverseStd, ...inputs }, attributes) {
    checkShapes('normalizeGradient', inputs, attributes);
    const { shape } = inputs.x;
    for (const [name, tensor] of Object.entries({ dy, y })) requireShape('normalizeGradient', name, tensor, shape);
    const statistics = [shape[attributes.norm === 'layer' ? 0 : 1]];
    for (const [name, tensor] of Object.entries({ dMean, dInverseStd, mean, inverseStd })) {
      requireShape('normalizeGradient', name, tensor, statistics);
    }
  },
  compose({ dy, dMean, dInverseStd, x, gain, bias, y, mean, inverseStd }, { norm, activation, hasGain, hasBias }) {
    const isLayer = norm === 'layer';
    const [R, D] = x.shape;
    const n = isLayer ? D : R;
    // Statistics as columns [R, 1] or rows [1, D], to broadcast.
    const broadcast = (t: tf.Tensor1D) => tf.reshape(t, isLayer ? [R, 1] : [1, D]) as tf.Tensor2D;
    const inverse = broadcast(inverseStd);

    const g = activation === 'relu' ? (reluGradientOperation({ dy, y }, {})[0] as tf.Tensor2D) : dy;
    const xhat = tf.tidy(() => tf.mul(tf.sub(x, broadcast(mean)), inverse) as tf.Tensor2D);
    const product = tf.mul(g, xhat) as tf.Tensor2D;

    const average = (t: tf.Tensor2D) =>
      (isLayer ? tf.mean(t, 1, true) : tf.reshape(meanColumns(t), [1, D])) as tf.Tensor2D;
    const weigh = (t: tf.Tensor2D) => (hasGain ? tf.mul(t, gain) : t) as tf.Tensor2D;
    // A gain that is constant along the normalized axis is multiplied in while the tensors are small.
    const varies = isLayer && gain.rank === 1;
    const weighed = varies ? weigh(g) : g;
    const first = varies ? average(weighed) : weigh(average(g));
    const second = varies ? tf.tidy(() => average(weigh(product))) : weigh(average(product));
    const factor = varies ? inverse : weigh(inverse);
    const a = tf.sub(tf.mul(first, inverse), tf.div(broadcast(dMean), n));
    const b = tf.mul(inverse, tf.add(second, tf.mul(broadcast(dInverseStd), tf.div(inverse, n))));
    const dx = tf.tidy(() => tf.sub(tf.sub(tf.mul(weighed, factor), a), tf.mul(xhat, b)) as tf.Tensor2D);
    return [dx, hasGain ? sumLike(product, gain) : tf.scalar(0), hasBias ? sumLike(g, bias) : tf.scalar(0)];
  },
});

/**
 * Normalization with gain, bias and rectifier. Kernel `TaggerNormalize`.
 *
 *     y = activation( (x - mean) inverseStd gain + bias ),  inverseStd = 1 / sqrt(variance + epsilon)
 *
 * with the biased variance. Inputs x [R, D], gain and bias each [D] or a scalar (not used if absent). Outputs
 * y [R, D]; mean and inverseStd, [R] for `'layer'`, [D] for `'batch'`. All three have gradients.
 */
export const normalizeOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, Outputs>({
  kernelName: 'TaggerNormalize',
  check: (inputs, attributes) => checkShapes('normalize', inputs, attributes),
  compose({ x, gain, bias }, { norm, epsilon, activation, hasGain, hasBias, onlyOutput }) {
    const [, D] = x.shape;
    const average = (t: tf.Tensor2D) =>
      (norm === 'layer' ? tf.mean(t, 1, true) : tf.reshape(meanColumns(t), [1, D])) as tf.Tensor2D;
    const mean = average(x);
    const centered = tf.sub(x, mean) as tf.Tensor2D;
    const inverseStd = tf.rsqrt(tf.add(average(tf.mul(centered, centered)), epsilon));
    // Multiply the gain into the inverse deviation while both are small: this saves a pass over x.
    const joined = hasGain && (norm === 'batch' || gain.rank === 0);
    let y = tf.mul(centered, joined ? tf.mul(inverseStd, gain) : inverseStd) as tf.Tensor2D;
    if (hasGain && !joined) y = tf.mul(y, gain);
    if (hasBias) y = tf.add(y, bias);
    if (activation === 'relu') y = composeRelu(y);
    const outputs: Outputs = [y, tf.reshape(mean, [mean.size]), tf.reshape(inverseStd, [inverseStd.size])];
    return onlyOutput ? (outputs.slice(0, 1) as Outputs) : outputs;
  },
  saves: { inputs: ['x', 'gain', 'bias'], outputs: [true, true, true] },
  gradient([dy, dMean, dInverseStd], saved, attributes) {
    const [x, gain, bias, y, mean, inverseStd] = saved as [
      tf.Tensor2D,
      VectorOrScalar,
      VectorOrScalar,
      tf.Tensor2D,
      tf.Tensor1D,
      tf.Tensor1D,
    ];
    const [dx, dGain, dBias] = normalizeGradientOperation(
      {
        dy: dy as tf.Tensor2D,
        dMean: dMean as tf.Tensor1D,
        dInverseStd: dInverseStd as tf.Tensor1D,
        x,
        gain,
        bias,
        y,
        mean,
        inverseStd,
      },
      attributes,
    );
    return { x: () => dx, gain: () => dGain, bias: () => dBias };
  },
});

function checkShapes(
  operation: string,
  { x, gain, bias }: Inputs,
  { norm, epsilon, activation, hasGain, hasBias }: Attributes,
): void {
  checkOneOf(operation, 'norm', norm, NORMS);
  checkOneOf(operation, 'activation', activation, ACTIVATIONS);
  checkPositive(operation, 'epsilon', epsilon);
  requireShape(operation, 'x', x, [null, null]);
  if (hasGain) requireVectorOrScalar(operation, 'gain', gain, x.shape[1]);
  if (hasBias) requireVectorOrScalar(operation, 'bias', bias, x.shape[1]);
}

/** What follows the standardization of {@link normalize} and {@link normalizeWith}. */
export interface NormalizeScaling {
  /** Factor for each feature, [D], or for all. @default none */
  readonly gain?: VectorOrScalar;
  /** Summand for each feature, [D], or for all. @default none */
  readonly bias?: VectorOrScalar;
  /** Applied last. @default 'none' */
  readonly activation?: Activation;
}

/** Options of {@link normalize}. */
export interface NormalizeOptions extends NormalizeScaling {
  /** The axis of mean and variance. */
  readonly norm: Norm;
  /** Added to the variance, above 0. @default 1e-8 for `'layer'`, 1e-10 for `'batch'` */
  readonly epsilon?: number;
}

/**
 * `activation( (x - mean) / sqrt(variance + epsilon) * gain + bias )`, with mean and biased variance of each row
 * (`norm: 'layer'`; Ba et al. 2016) or of each column (`norm: 'batch'`; Ioffe and Szegedy 2015).
 *
 * @param x [R, D]
 * @returns [R, D]
 * @throws TaggerError `INVALID_SHAPE` if gain or bias do not fit, `INVALID_OPTION` for an unknown norm or activation
 */
export function normalize(
  x: tf.Tensor2D,
  { norm, gain, bias, activation = 'none', epsilon = NORMALIZATION_EPSILON[norm] }: NormalizeOptions,
): tf.Tensor2D {
  return tf.tidy(() => {
    const [hasGain, hasBias] = [gain !== undefined, bias !== undefined];
    const onlyOutput = !tf.engine().isTapeOn();
    // Any tensor can stand for an absent one, unless it would get a gradient.
    const absent = hasGain && hasBias ? undefined : onlyOutput ? (x as tf.Tensor as VectorOrScalar) : tf.scalar(0);
    return normalizeOperation(
      { x, gain: gain ?? absent!, bias: bias ?? absent! },
      { norm, epsilon, activation, hasGain, hasBias, onlyOutput },
    )[0];
  });
}

/** What {@link standardize} returns. */
export interface Standardized {
  /** (x - mean) inverseStd: [R, D] */
  readonly output: tf.Tensor2D;
  /** [R] for `'layer'`, [D] for `'batch'` */
  readonly mean: tf.Tensor1D;
  /** 1 / sqrt(variance + epsilon), as {@link Standardized.mean}. */
  readonly inverseStd: tf.Tensor1D;
}

/**
 * {@link normalize} without gain and bias. Also returns the statistics, through which gradients flow: a Ladder's denoising
 * costs need them.
 *
 * @param x [R, D]
 * @throws TaggerError `INVALID_OPTION` for an unknown norm
 */
export function standardize(
  x: tf.Tensor2D,
  { norm, epsilon = NORMALIZATION_EPSILON[norm] }: Pick<NormalizeOptions, 'norm' | 'epsilon'>,
): Standardized {
  const [output, mean, inverseStd] = tf.tidy(() => {
    const absent = tf.scalar(0);
    return normalizeOperation(
      { x, gain: absent, bias: absent },
      { norm, epsilon, activation: 'none', hasGain: false, hasBias: false },
    );
  });
  return { output, mean, inverseStd };
}
