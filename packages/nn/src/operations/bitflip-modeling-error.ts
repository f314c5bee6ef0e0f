import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../operation';
import { checkFlipProbability } from './flip-probability';
import { checkGroupShapes, sumGroups } from './groups';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D; m: tf.Tensor3D };
type Attributes = { probability: number };

/**
 * The modelling error under bit-flip noise; see {@link bitflipModelingError}. Kernel `TaggerBitflipModelingError`.
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
    const g = dy as tf.Tensor3D;
    const prediction = z as tf.Tensor3D;
    const assignment = m as tf.Tensor3D;
    // dz_k = m_k / D: dD = -(sum_k g_k dz_k) / D
    const [D, dD] = tf.tidy(() => {
      const D = denominator(corrupted as tf.Tensor2D, prediction, assignment, probability);
      return [D, tf.neg(tf.div(sumGroups(tf.mul(g, dz as tf.Tensor3D)), D))];
    }) as [tf.Tensor2D, tf.Tensor2D];
    return {
      // dD / dz_h = (1 - 2 beta) m_h
      z: () => tf.mul(assignment, tf.mul(dD, 1 - 2 * probability)),
      // dD / dm_h = xi_h
      m: () => tf.add(tf.div(g, D), tf.mul(seenThroughNoise(prediction, probability), dD)),
      corrupted: () => tf.clone(dD),
    };
  },
});

/**
 * dz: the modelling error under bit-flip noise, the gradient of log q(x~) to each group's prediction, up to the
 * constant factor 1 - 2 beta (A.5).
 *
 *     xi_k = z_k (1 - 2 beta) + beta
 *     dz_k = m_k / (sum_h xi_h m_h - 1 + x~)
 *
 * Positive where x~ is one, negative where it is zero; at most 1 / beta in size. Its relative accuracy is about
 * 1e-7 / beta.
 *
 * @param corrupted x~: [B, N], zeros and ones
 * @param z predictions of the groups: [K, B, N], in [0, 1]
 * @param m assignments: [K, B, N], summing to one over groups; may underflow to zero
 * @param options `probability`: beta, of a flip, in (0, 0.5)
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
