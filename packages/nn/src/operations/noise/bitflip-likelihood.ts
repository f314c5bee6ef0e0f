import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { checkFlipProbability } from '../../checks/options';
import { flipLikelihood } from '../../composition/flip-likelihood';
import { checkGroupShapes } from '../../checks/shapes';
import { sumGroups } from '../../composition/groups';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D };
type Attributes = { probability: number };

/**
 * Gradient of {@link bitflipLikelihoodOperation} with respect to the predictions. Kernel `TaggerBitflipLikelihoodGradient`.
 *
 *     dz_k = (2 x~ - 1)(1 - 2 beta) (dL_k - sum_h dL_h L_h) / S,   S = sum_h z~_h
 *
 * Inputs: dy [K, B, N], those of the operation, and its output L; attribute: probability; output dz [K, B, N].
 */
export const bitflipLikelihoodGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Tensor3D; L: tf.Tensor3D },
  Attributes,
  [tf.Tensor3D]
>({
  kernelName: 'TaggerBitflipLikelihoodGradient',
  check({ dy, corrupted, z, L }) {
    checkGroupShapes('bitflipLikelihoodGradient', { input: { corrupted }, groups: { z, L, dy } });
  },
  compose({ dy, corrupted, z, L }, { probability }) {
    // d z~ / dz = (2 x~ - 1)(1 - 2 beta)
    const slope = tf.mul(tf.sub(tf.mul(corrupted, 2), 1), 1 - 2 * probability);
    return [tf.mul(unnormalizedGradient(dy, corrupted, z, L, probability), slope)];
  },
});

/**
 * The assignment likelihood under bit-flip noise; see {@link bitflipLikelihood}. Kernel `TaggerBitflipLikelihood`.
 *
 * Inputs: corrupted [B, N], z [K, B, N]; attribute: probability; output [K, B, N].
 */
export const bitflipLikelihoodOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor3D]>({
  kernelName: 'TaggerBitflipLikelihood',
  check({ corrupted, z }, { probability }) {
    checkGroupShapes('bitflipLikelihood', { input: { corrupted }, groups: { z } });
    checkFlipProbability('bitflipLikelihood', probability);
  },
  compose({ corrupted, z }, { probability }) {
    const likelihood = flipLikelihood(corrupted, z, probability);
    return [tf.div(likelihood, sumGroups(likelihood))];
  },
  saves: { inputs: ['corrupted', 'z'], outputs: [true] },
  gradient([dy], [corrupted, z, L], { probability }) {
    const inputs = {
      dy: dy as tf.Tensor3D,
      corrupted: corrupted as tf.Tensor2D,
      z: z as tf.Tensor3D,
      L: L as tf.Tensor3D,
    };
    return {
      z: () => bitflipLikelihoodGradientOperation(inputs, { probability })[0],
      // d z~_k / dx~ = (2 z_k - 1)(1 - 2 beta)
      corrupted: () => {
        const d = unnormalizedGradient(inputs.dy, inputs.corrupted, inputs.z, inputs.L, probability);
        return sumGroups(tf.mul(d, tf.mul(tf.sub(tf.mul(inputs.z, 2), 1), 1 - 2 * probability)));
      },
    };
  },
});

/**
 * L: how well each group explains an input corrupted by bit flips, normalized over groups (Eq. 12, 13, Alg. 3).
 *
 *     xi_k = z_k (1 - 2 beta) + beta
 *     z~_k = x~ xi_k + (1 - x~)(1 - xi_k)
 *     L_k  = z~_k / sum_h z~_h
 *
 * @param corrupted x~: [B, N], zeros and ones
 * @param z predictions of the groups: [K, B, N], in [0, 1]
 * @param options `probability`: beta, of a flip, in [1e-6, 0.5)
 * @returns L: [K, B, N], sums to one over groups
 * @throws TaggerError `INVALID_SHAPE`, `INVALID_OPTION`
 */
export function bitflipLikelihood(
  corrupted: tf.Tensor2D,
  z: tf.Tensor3D,
  { probability }: { readonly probability: number },
): tf.Tensor3D {
  return bitflipLikelihoodOperation({ corrupted, z }, { probability })[0];
}

/** The gradient of z~: L = z~ / S with S = sum_h z~_h, so d z~ = (dL - sum_h dL_h L_h) / S. */
function unnormalizedGradient(
  dy: tf.Tensor3D,
  corrupted: tf.Tensor2D,
  z: tf.Tensor3D,
  L: tf.Tensor3D,
  probability: number,
): tf.Tensor3D {
  return tf.tidy(() => {
    const total = sumGroups(flipLikelihood(corrupted, z, probability));
    return tf.div(tf.sub(dy, sumGroups(tf.mul(dy, L))), total);
  });
}
