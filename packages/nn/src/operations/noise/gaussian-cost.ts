import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { checkGroupShapes } from '../../checks/shapes';
import { repeatChannels, sumChannels } from '../../composition/channels';
import { softmaxGroups, sumGroups } from '../../composition/groups';
import { sumAll } from '../../composition/reductions';

type Inputs = { x: tf.Tensor2D; z: tf.Tensor3D; logM: tf.Tensor3D; logVariance: tf.Scalar };
type Attributes = { channels?: number };

/**
 * Gradient of {@link gaussianCostOperation} with respect to predictions, assignments and variance. Kernel
 * `TaggerGaussianCostGradient`.
 *
 *     a_k = -dy r_k / (B N)                      for log m, r = softmax over groups of log m - d^2 / 2v
 *     a_k d_k / v                                for z
 *     (sum of a_k d_k^2 / v + dy) / 2            for log v
 *
 * with d = x - z. Inputs: dy [], and those of the operation; attribute: channels; outputs: for z [K, B, N], for log m
 * [K, B, P], for log v [].
 */
export const gaussianCostGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Scalar },
  Attributes,
  [tf.Tensor3D, tf.Tensor3D, tf.Scalar]
>({
  kernelName: 'TaggerGaussianCostGradient',
  check({ dy, x, z, logM, logVariance }, { channels }) {
    checkGroupShapes('gaussianCostGradient', {
      input: { x },
      groups: { z },
      pixels: { logM },
      scalars: { logVariance, dy },
      channels,
    });
  },
  compose({ dy, x, z, logM, logVariance }, { channels = 1 }) {
    const d = tf.sub<tf.Tensor3D>(x, z);
    const precision = tf.exp(tf.neg(logVariance));
    // cost = -mean log sum_k exp a_k: da = -softmax(a) / (B N)
    const da = tf.mul<tf.Tensor3D>(
      softmaxGroups(jointLogDensity(d, logM, logVariance, channels)).softmax,
      tf.mul(dy, -1 / x.size),
    );
    const product = tf.mul<tf.Tensor3D>(repeatChannels(da, channels), d);
    // da_k / d log v = d_k^2 / 2v - C/2, and the da sum to -1/C
    const dLogVariance = tf.mul<tf.Scalar>(tf.add(tf.mul(sumAll(tf.mul(product, d)), precision), dy), 0.5);
    return [tf.mul(product, precision), da, dLogVariance];
  },
});

/**
 * The denoising cost of real inputs; see {@link gaussianCost}. Kernel `TaggerGaussianCost`.
 *
 * Inputs: x [B, N], z [K, B, N], logM [K, B, N/C], logVariance []; attribute: channels C (1); output a scalar.
 */
export const gaussianCostOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Scalar]>({
  kernelName: 'TaggerGaussianCost',
  check({ x, z, logM, logVariance }, { channels }) {
    checkGroupShapes('gaussianCost', {
      input: { x },
      groups: { z },
      pixels: { logM },
      scalars: { logVariance },
      channels,
    });
  },
  compose({ x, z, logM, logVariance }, { channels = 1 }) {
    const { logSumExp } = softmaxGroups(jointLogDensity(tf.sub(x, z), logM, logVariance, channels));
    // The factor of every density, 1 / sqrt(2 pi v), is applied after the sum over groups.
    const constant = tf.mul(tf.add(logVariance, Math.log(2 * Math.PI)), 0.5);
    return [tf.sub(constant, tf.mul(sumAll(logSumExp), 1 / x.size))];
  },
  saves: { inputs: ['x', 'z', 'logM', 'logVariance'] },
  gradient([dy], [x, z, logM, logVariance], attributes) {
    const inputs = {
      dy: dy as tf.Scalar,
      x: x as tf.Tensor2D,
      z: z as tf.Tensor3D,
      logM: logM as tf.Tensor3D,
      logVariance: logVariance as tf.Scalar,
    };
    const [dz, dLogM, dLogVariance] = gaussianCostGradientOperation(inputs, attributes);
    return {
      logM: () => dLogM,
      z: () => dz,
      x: () => tf.neg(sumGroups(dz)),
      logVariance: () => dLogVariance,
    };
  },
});

/**
 * The denoising cost of real inputs: the negative log likelihood of the clean input under the mixture of the groups'
 * predictions, mean over batch and elements. A log-sum-exp over groups of log m + log Normal.
 *
 *     cost = mean -log sum_k m_k Normal(x; z_k, v)
 *
 * A pixel's Normal is the product over its channels. The mean is over all N = P*C elements.
 *
 * @param x clean input: [B, N], the C channels of a pixel next to each other
 * @param z predictions of the groups: [K, B, N]
 * @param logM log m from the log-softmax, not the logarithm of m, which underflows: [K, B, P]
 * @param logVariance log v, the learned variance's logarithm: []
 * @param options `channels`: C, 1 by default
 * @returns the cost, a scalar, in nats per element (a density, so it may be negative)
 * @throws TaggerError `INVALID_SHAPE`
 */
export function gaussianCost(
  x: tf.Tensor2D,
  z: tf.Tensor3D,
  logM: tf.Tensor3D,
  logVariance: tf.Scalar,
  options: { readonly channels?: number } = {},
): tf.Scalar {
  return gaussianCostOperation({ x, z, logM, logVariance }, options)[0];
}

/** log m - d^2 / 2v: [K, B, P]. The logarithm of m Normal without the density's constant factor. */
function jointLogDensity(d: tf.Tensor3D, logM: tf.Tensor3D, logVariance: tf.Scalar, channels: number): tf.Tensor3D {
  return tf.sub(logM, tf.mul(sumChannels(tf.square(d), channels), tf.mul(tf.exp(tf.neg(logVariance)), 0.5)));
}
