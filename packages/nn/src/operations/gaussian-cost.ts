import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../operation';
import { checkGroupShapes, softmaxGroups, sumGroups } from './groups';
import { sumAll } from './reductions';

type Inputs = { x: tf.Tensor2D; z: tf.Tensor3D; logM: tf.Tensor3D; logVariance: tf.Scalar };

/**
 * The denoising cost of real inputs; see {@link gaussianCost}. Kernel `TaggerGaussianCost`.
 *
 * Inputs: x [B, N], z and logM [K, B, N], logVariance []; output a scalar.
 */
export const gaussianCostOperation = /* @__PURE__ */ defineOperation<Inputs, Record<string, never>, [tf.Scalar]>({
  kernelName: 'TaggerGaussianCost',
  check({ x, z, logM, logVariance }) {
    checkGroupShapes('gaussianCost', { input: { x }, groups: { z, logM }, scalars: { logVariance } });
  },
  compose({ x, z, logM, logVariance }) {
    const { logSumExp } = softmaxGroups(jointLogDensity(tf.sub(x, z), logM, logVariance));
    // The factor of every density, 1 / sqrt(2 pi v), after the sum over groups.
    const constant = tf.mul(tf.add(logVariance, Math.log(2 * Math.PI)), 0.5);
    return [tf.sub(constant, tf.mul(sumAll(logSumExp), 1 / x.size))];
  },
  saves: { inputs: ['x', 'z', 'logM', 'logVariance'] },
  gradient([dy], [x, z, logM, logVariance]) {
    const d = tf.sub<tf.Tensor3D>(x as tf.Tensor, z as tf.Tensor);
    const precision = tf.tidy(() => tf.exp(tf.neg(logVariance as tf.Scalar)));
    // cost = -mean log sum_k exp a_k: da = -softmax(a) / (B N)
    const da = tf.tidy(() => {
      const share = tf.mul(dy as tf.Scalar, -1 / (x as tf.Tensor).size);
      return tf.mul(softmaxGroups(jointLogDensity(d, logM as tf.Tensor3D, logVariance as tf.Scalar)).softmax, share);
    }) as tf.Tensor3D;
    const dz = () => tf.mul(tf.mul(da, d), precision) as tf.Tensor3D;
    return {
      logM: () => tf.clone(da),
      z: dz,
      x: () => tf.neg(sumGroups(dz())),
      // da_k / d log v = d_k^2 / 2v - 1/2, and the da sum to -1
      logVariance: () => tf.mul(tf.add(tf.mul(sumAll(tf.mul(tf.mul(da, d), d)), precision), dy as tf.Scalar), 0.5),
    };
  },
});

/**
 * The denoising cost of real inputs: the negative log likelihood of the clean input under the mixture of the groups'
 * predictions, mean over batch and elements. A log-sum-exp over groups of log m + log Normal.
 *
 *     cost = mean -log sum_k m_k Normal(x; z_k, v)
 *
 * @param x clean input: [B, N]
 * @param z predictions of the groups: [K, B, N]
 * @param logM log m, as the log-softmax gives it, not log of m, which underflows: [K, B, N]
 * @param logVariance log v, the learned variance's logarithm: []
 * @returns the cost, a scalar, in nats per element (of density: it may be negative)
 * @throws TaggerError `INVALID_SHAPE`
 */
export function gaussianCost(x: tf.Tensor2D, z: tf.Tensor3D, logM: tf.Tensor3D, logVariance: tf.Scalar): tf.Scalar {
  return gaussianCostOperation({ x, z, logM, logVariance }, {})[0];
}

/** log m - d^2 / 2v: [K, B, N]. The logarithm of m Normal without the density's constant factor. */
function jointLogDensity(d: tf.Tensor3D, logM: tf.Tensor3D, logVariance: tf.Scalar): tf.Tensor3D {
  return tf.sub(logM, tf.mul(tf.square(d), tf.mul(tf.exp(tf.neg(logVariance)), 0.5)));
}
