import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { checkFlipProbability } from '../../checks/options';
import { checkGroupShapes } from '../../checks/shapes';
import { sumGroups } from '../../composition/groups';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D; m: tf.Tensor3D };
type Attributes = { probability: number };

/**
 * Gradient of {@link bitflipModelingErrorOperation} with respect to predictions and assignments. Kernel
 * `TaggerBitflipModelingErrorGradient`.
 *
 *     dD = -(sum_k g_k dz_k) / D,   for z_h: (1 - 2 beta) m_h dD,   for m_h: g_h / D + xi_h dD
 *
 * Inputs: dy, written g, [K, B, N], those of the operation, and its output dz; attribute: probability; outputs, both
 * [K, B, N], the gradients of z and of m.
 */
export const bitflipModelingErrorGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Tensor3D; dz: tf.Tensor3D },
  Attributes,
  [tf.Tensor3D, tf.Tensor3D]
>({
  kernelName: 'TaggerBitflipModelingErrorGradient',
  check({ dy, corrupted, z, m, dz }) {
    checkGroupShapes('bitflipModelingErrorGradient', { input: { corrupted }, groups: { z, m, dz, dy } });
  },
  compose({ dy, corrupted, z, m, dz }, { probability }) {
    const D = denominator(corrupted, z, m, probability);
    const dD = denominatorGradient(dy, dz, D);
    return [
      tf.mul(m, tf.mul(dD, 1 - 2 * probability)),
      tf.add(tf.div(dy, D), tf.mul(seenThroughNoise(z, probability), dD)),
    ];
  },
});

/**
 * The modeling error under bit-flip noise; see {@link bitflipModelingError}. Kernel `TaggerBitflipModelingError`.
 *
 * Inputs: corrupted [B, N], z and m [K, B, N]; attribute: probability; output [K, B, N].
 */
export const bitflipModelingErrorOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor3D]>({
  kernelName: 'TaggerBitflipModelingError',
  check({ corrupted, z, m }, { probability }) {
    checkGroupShapes('bitflipModelingError', { input: { corrupted }, groups: { z, m } });
    checkFlipProbability('bitflipModelingError', probability);
  },
  compose: ({ corrupted, z, m }, { probability }) => [tf.div(m, denominator(corrupted, z, m, probability))],
  saves: { inputs: ['corrupted', 'z', 'm'], outputs: [true] },
  gradient([dy], [corrupted, z, m, dz], { probability }) {
    const inputs = {
      dy: dy as tf.Tensor3D,
      corrupted: corrupted as tf.Tensor2D,
      z: z as tf.Tensor3D,
      m: m as tf.Tensor3D,
      dz: dz as tf.Tensor3D,
    };
    const [dPrediction, dAssignment] = bitflipModelingErrorGradientOperation(inputs, { probability });
    return {
      z: () => dPrediction,
      m: () => dAssignment,
      corrupted: () =>
        denominatorGradient(inputs.dy, inputs.dz, denominator(inputs.corrupted, inputs.z, inputs.m, probability)),
    };
  },
});

/**
 * dz: the modeling error under bit-flip noise, the gradient of log q(x~) with respect to each group's prediction, up to the
 * constant factor 1 - 2 beta (A.5).
 *
 *     xi_k = z_k (1 - 2 beta) + beta
 *     dz_k = m_k / (sum_h xi_h m_h - 1 + x~)
 *
 * Positive if x~ is one, negative if it is zero; at most 1 / beta in magnitude. Its relative accuracy is about
 * 1e-7 / beta.
 *
 * @param corrupted x~: [B, N], zeros and ones
 * @param z predictions of the groups: [K, B, N], in [0, 1]
 * @param m assignments: [K, B, N], summing to one over groups; may underflow to zero
 * @param options `probability`: beta, of a flip, in [1e-6, 0.5)
 * @returns dz: [K, B, N]
 * @throws TaggerError `INVALID_SHAPE`, `INVALID_OPTION`
 */
export function bitflipModelingError(
  corrupted: tf.Tensor2D,
  z: tf.Tensor3D,
  m: tf.Tensor3D,
  { probability }: { readonly probability: number },
): tf.Tensor3D {
  return bitflipModelingErrorOperation({ corrupted, z, m }, { probability })[0];
}

/** xi: the predicted mean seen through the noise (Eq. 12). */
function seenThroughNoise(z: tf.Tensor3D, probability: number): tf.Tensor3D {
  return tf.add(tf.mul(z, 1 - 2 * probability), probability);
}

/** D = sum_h xi_h m_h - 1 + x~: [B, N]. */
function denominator(corrupted: tf.Tensor2D, z: tf.Tensor3D, m: tf.Tensor3D, probability: number): tf.Tensor2D {
  return tf.add(sumGroups(tf.mul(seenThroughNoise(z, probability), m)), tf.sub(corrupted, 1));
}

/** dD: dz_k = m_k / D, so dD = -(sum_k dy_k dz_k) / D, [B, N]. */
function denominatorGradient(dy: tf.Tensor3D, dz: tf.Tensor3D, D: tf.Tensor2D): tf.Tensor2D {
  return tf.neg(tf.div<tf.Tensor2D>(sumGroups(tf.mul(dy, dz)), D));
}
