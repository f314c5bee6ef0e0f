import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { checkFlipProbability } from '../../checks/options';
import { repeatChannels, sumChannels } from '../../composition/channels';
import { flipLikelihood } from '../../composition/flip-likelihood';
import { checkGroupShapes } from '../../checks/shapes';
import { softmaxGroups, softmaxGroupsGradient, sumGroups } from '../../composition/groups';
import { sumAll } from '../../composition/reductions';

type Attributes = { probability: number; channels: number };
type LikelihoodInputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D };
type ErrorInputs = LikelihoodInputs & { logM: tf.Tensor3D };
type CostInputs = { x: tf.Tensor2D; z: tf.Tensor3D; logM: tf.Tensor3D };

/**
 * Gradient of {@link bitflipPixelLikelihoodOperation} with respect to the predictions. Kernel
 * `TaggerBitflipPixelLikelihoodGradient`.
 *
 *     a_k = L_k (g_k - sum_h g_h L_h),   dz_k = (1 - 2 beta) u_k a_k
 *
 * Inputs: dy, written g, [K, B, P], those of the operation, and its output L; attributes: probability, channels; output
 * [K, B, P*C].
 */
export const bitflipPixelLikelihoodGradientOperation = /* @__PURE__ */ defineOperation<
  LikelihoodInputs & { dy: tf.Tensor3D; L: tf.Tensor3D },
  Attributes,
  [tf.Tensor3D]
>({
  kernelName: 'TaggerBitflipPixelLikelihoodGradient',
  check({ dy, corrupted, z, L }, { channels }) {
    checkGroupShapes('bitflipPixelLikelihoodGradient', {
      input: { corrupted },
      groups: { z },
      pixels: { L, dy },
      channels,
    });
  },
  compose({ dy, corrupted, z, L }, { probability, channels }) {
    const { u } = explain(corrupted, z, { probability, channels });
    const da = softmaxGroupsGradient(dy, L);
    return [tf.mul(repeatChannels(da, channels), tf.mul(u, 1 - 2 * probability))];
  },
});

/**
 * The assignment likelihood of pixels; see {@link bitflipPixelLikelihood}. Kernel `TaggerBitflipPixelLikelihood`.
 *
 * Inputs: corrupted [B, P*C], z [K, B, P*C]; attributes: probability, channels C; output [K, B, P].
 */
export const bitflipPixelLikelihoodOperation = /* @__PURE__ */ defineOperation<
  LikelihoodInputs,
  Attributes,
  [tf.Tensor3D]
>({
  kernelName: 'TaggerBitflipPixelLikelihood',
  check({ corrupted, z }, { probability, channels }) {
    checkGroupShapes('bitflipPixelLikelihood', { input: { corrupted }, groups: { z }, channels });
    checkFlipProbability('bitflipPixelLikelihood', probability);
  },
  compose: ({ corrupted, z }, attributes) => [softmaxGroups(explain(corrupted, z, attributes).logLikelihood).softmax],
  saves: { inputs: ['corrupted', 'z'], outputs: [true] },
  gradient([dy], [corrupted, z, L], attributes) {
    const inputs = {
      dy: dy as tf.Tensor3D,
      corrupted: corrupted as tf.Tensor2D,
      z: z as tf.Tensor3D,
      L: L as tf.Tensor3D,
    };
    return {
      z: () => bitflipPixelLikelihoodGradientOperation(inputs, attributes)[0],
      corrupted: () => {
        const da = softmaxGroupsGradient(inputs.dy, inputs.L);
        const { t } = explain(inputs.corrupted, inputs.z, attributes);
        return sumGroups(tf.mul(repeatChannels(da, attributes.channels), t));
      },
    };
  },
});

/**
 * Gradient of {@link bitflipPixelErrorOperation} with respect to predictions and assignments. Kernel
 * `TaggerBitflipPixelErrorGradient`.
 *
 *     a_k = r_k (G_k - sum_h G_h r_h) for log m, G_k the sum of g_k u_k over the channels of a pixel
 *     (1 - 2 beta) u_k (a_k - g_k u_k r_k) for z
 *
 * Inputs: dy, written g, [K, B, P*C], and those of the operation; attributes: probability, channels; outputs: for z
 * [K, B, P*C], for log m [K, B, P].
 */
export const bitflipPixelErrorGradientOperation = /* @__PURE__ */ defineOperation<
  ErrorInputs & { dy: tf.Tensor3D },
  Attributes,
  [tf.Tensor3D, tf.Tensor3D]
>({
  kernelName: 'TaggerBitflipPixelErrorGradient',
  check({ dy, corrupted, z, logM }, { channels }) {
    checkGroupShapes('bitflipPixelErrorGradient', {
      input: { corrupted },
      groups: { z, dy },
      pixels: { logM },
      channels,
    });
  },
  compose({ dy, corrupted, z, logM }, attributes) {
    const { u, indirect, direct, da } = errorTerms(dy, corrupted, z, logM, attributes);
    const slope = tf.mul(u, 1 - 2 * attributes.probability);
    return [tf.mul(slope, tf.sub(indirect, tf.mul(direct, u))), da];
  },
});

/**
 * The modeling error of pixels; see {@link bitflipPixelError}. Kernel `TaggerBitflipPixelError`.
 *
 * Inputs: corrupted [B, P*C], z [K, B, P*C], logM [K, B, P]; attributes: probability, channels C; output [K, B, P*C].
 */
export const bitflipPixelErrorOperation = /* @__PURE__ */ defineOperation<ErrorInputs, Attributes, [tf.Tensor3D]>({
  kernelName: 'TaggerBitflipPixelError',
  check({ corrupted, z, logM }, { probability, channels }) {
    checkGroupShapes('bitflipPixelError', { input: { corrupted }, groups: { z }, pixels: { logM }, channels });
    checkFlipProbability('bitflipPixelError', probability);
  },
  compose({ corrupted, z, logM }, attributes) {
    const { u, logLikelihood } = explain(corrupted, z, attributes);
    const r = softmaxGroups(tf.add(logM, logLikelihood)).softmax;
    return [tf.mul(repeatChannels(r, attributes.channels), u)];
  },
  saves: { inputs: ['corrupted', 'z', 'logM'] },
  gradient([dy], [corrupted, z, logM], attributes) {
    const inputs = {
      dy: dy as tf.Tensor3D,
      corrupted: corrupted as tf.Tensor2D,
      z: z as tf.Tensor3D,
      logM: logM as tf.Tensor3D,
    };
    const [dz, dLogM] = bitflipPixelErrorGradientOperation(inputs, attributes);
    return {
      z: () => dz,
      logM: () => dLogM,
      corrupted: () => {
        const { dy: g, corrupted: xTilde } = inputs;
        const { u, indirect, direct } = errorTerms(g, xTilde, inputs.z, inputs.logM, attributes);
        const { t } = explain(xTilde, inputs.z, attributes);
        // du / dx~ = 2 / z~ - u t
        const inverse = tf.div(2, flipLikelihood(xTilde, inputs.z, attributes.probability));
        return sumGroups(tf.add(tf.mul(indirect, t), tf.mul(direct, tf.sub(inverse, tf.mul(u, t)))));
      },
    };
  },
});

/**
 * Gradient of {@link bitflipPixelCostOperation} with respect to predictions and assignments. Kernel
 * `TaggerBitflipPixelCostGradient`.
 *
 *     a_k = -dy r_k / (B P C) for log m,   (1 - 2 eps) u_k a_k for z
 *
 * Inputs: dy [], and those of the operation; attributes: probability, channels; outputs: for z [K, B, P*C], for log m
 * [K, B, P].
 */
export const bitflipPixelCostGradientOperation = /* @__PURE__ */ defineOperation<
  CostInputs & { dy: tf.Scalar },
  Attributes,
  [tf.Tensor3D, tf.Tensor3D]
>({
  kernelName: 'TaggerBitflipPixelCostGradient',
  check({ dy, x, z, logM }, { channels }) {
    checkGroupShapes('bitflipPixelCostGradient', {
      input: { x },
      groups: { z },
      pixels: { logM },
      scalars: { dy },
      channels,
    });
  },
  compose({ dy, x, z, logM }, { probability, channels }) {
    const { u, logLikelihood } = explain(x, z, { probability, channels });
    const da = tf.mul<tf.Tensor3D>(softmaxGroups(tf.add(logM, logLikelihood)).softmax, tf.mul(dy, -1 / x.size));
    return [tf.mul(repeatChannels(da, channels), tf.mul(u, 1 - 2 * probability)), da];
  },
});

/**
 * The denoising cost of pixels; see {@link bitflipPixelCost}. Kernel `TaggerBitflipPixelCost`.
 *
 * Inputs: x [B, P*C], z [K, B, P*C], logM [K, B, P]; attributes: probability, which is epsilon, and channels C; output a scalar.
 */
export const bitflipPixelCostOperation = /* @__PURE__ */ defineOperation<CostInputs, Attributes, [tf.Scalar]>({
  kernelName: 'TaggerBitflipPixelCost',
  check({ x, z, logM }, { probability, channels }) {
    checkGroupShapes('bitflipPixelCost', { input: { x }, groups: { z }, pixels: { logM }, channels });
    checkFlipProbability('bitflipPixelCost', probability);
  },
  compose({ x, z, logM }, attributes) {
    const { logSumExp } = softmaxGroups(tf.add(logM, explain(x, z, attributes).logLikelihood));
    return [tf.mul(sumAll(logSumExp), -1 / x.size)];
  },
  saves: { inputs: ['x', 'z', 'logM'] },
  gradient([dy], [x, z, logM], attributes) {
    const inputs = { dy: dy as tf.Scalar, x: x as tf.Tensor2D, z: z as tf.Tensor3D, logM: logM as tf.Tensor3D };
    const [dz, dLogM] = bitflipPixelCostGradientOperation(inputs, attributes);
    return {
      z: () => dz,
      logM: () => dLogM,
      x: () => {
        const { t } = explain(inputs.x, inputs.z, attributes);
        return sumGroups(tf.mul(repeatChannels(dLogM, attributes.channels), t));
      },
    };
  },
});

/**
 * L of pixels with several channels: how well each group explains a pixel corrupted by bit flips. A softmax over groups of
 * log z~_k, so that the product of many channels cannot underflow.
 *
 *     z~_k = prod_c [ x~_c xi_kc + (1 - x~_c)(1 - xi_kc) ],   xi = z (1 - 2 beta) + beta
 *     L_k  = z~_k / sum_h z~_h
 *
 * @param corrupted x~: [B, P*C], zeros and ones, the channels of a pixel next to each other
 * @param z predictions of the groups: [K, B, P*C], in [0, 1]
 * @param options `probability`: beta, of a flip, in [1e-6, 0.5); `channels`: C
 * @returns L: [K, B, P], sums to one over groups
 * @throws TaggerError `INVALID_SHAPE`, `INVALID_OPTION`
 */
export function bitflipPixelLikelihood(corrupted: tf.Tensor2D, z: tf.Tensor3D, options: Attributes): tf.Tensor3D {
  return bitflipPixelLikelihoodOperation({ corrupted, z }, options)[0];
}

/**
 * dz of pixels with several channels: the gradient of log q(x~) with respect to each group's prediction, up to the constant
 * factor 1 - 2 beta. With one channel it is that of `bitflipModelingError`.
 *
 *     dz_kc = r_k (2 x~_c - 1) / z~_kc,   r_k = m_k z~_k / sum_h m_h z~_h,   z~_k = prod_c z~_kc
 *
 * @param corrupted x~: [B, P*C], zeros and ones, the channels of a pixel next to each other
 * @param z predictions of the groups: [K, B, P*C], in [0, 1]
 * @param logM log m from the log-softmax: [K, B, P]
 * @param options `probability`: beta, of a flip, in [1e-6, 0.5); `channels`: C
 * @returns dz: [K, B, P*C]
 * @throws TaggerError `INVALID_SHAPE`, `INVALID_OPTION`
 */
export function bitflipPixelError(
  corrupted: tf.Tensor2D,
  z: tf.Tensor3D,
  logM: tf.Tensor3D,
  options: Attributes,
): tf.Tensor3D {
  return bitflipPixelErrorOperation({ corrupted, z, logM }, options)[0];
}

/**
 * The denoising cost of binary pixels with several channels, mean over batch and values. With one channel it is that of
 * `bitflipCost`.
 *
 *     cost = -1/C mean log sum_k m_k prod_c [ x_c z'_kc + (1 - x_c)(1 - z'_kc) ],   z' = (1 - 2 eps) z + eps
 *
 * @param x clean input: [B, P*C], zeros and ones, the channels of a pixel next to each other
 * @param z predictions of the groups: [K, B, P*C], in [0, 1]
 * @param logM log m from the log-softmax: [K, B, P]
 * @param options `channels`: C; `epsilon`: keeps the logarithm finite, in [1e-6, 0.5); 1e-4 by default
 * @returns the cost, a scalar, in nats per value
 * @throws TaggerError `INVALID_SHAPE`, `INVALID_OPTION`
 */
export function bitflipPixelCost(
  x: tf.Tensor2D,
  z: tf.Tensor3D,
  logM: tf.Tensor3D,
  { channels, epsilon = 1e-4 }: { readonly channels: number; readonly epsilon?: number },
): tf.Scalar {
  return bitflipPixelCostOperation({ x, z, logM }, { probability: epsilon, channels })[0];
}

/**
 * How each group explains the values. `u` is (2 x - 1) / z~ of each value, and `t` is d log z~ / dx, both [K, B, P*C];
 * `logLikelihood` is log z~ of each pixel, [K, B, P].
 */
function explain(x: tf.Tensor2D, z: tf.Tensor3D, { probability, channels }: Attributes) {
  const likelihood = flipLikelihood(x, z, probability);
  return {
    logLikelihood: sumChannels(tf.log(likelihood), channels),
    get u(): tf.Tensor3D {
      return tf.div(tf.sub(tf.mul(x, 2), 1), likelihood);
    },
    get t(): tf.Tensor3D {
      return tf.div(tf.mul(tf.sub(tf.mul(z, 2), 1), 1 - 2 * probability), likelihood);
    },
  };
}

/** What the gradients of {@link bitflipPixelErrorOperation} have in common: a_k of log m, and the two paths to u. */
function errorTerms(
  dy: tf.Tensor3D,
  corrupted: tf.Tensor2D,
  z: tf.Tensor3D,
  logM: tf.Tensor3D,
  attributes: Attributes,
) {
  const { channels } = attributes;
  const { u, logLikelihood } = explain(corrupted, z, attributes);
  const r = softmaxGroups(tf.add(logM, logLikelihood)).softmax;
  const da = softmaxGroupsGradient(sumChannels(tf.mul<tf.Tensor3D>(dy, u), channels), r);
  return {
    u,
    da,
    indirect: repeatChannels(da, channels),
    direct: tf.mul<tf.Tensor3D>(dy, repeatChannels(r, channels)),
  };
}
