import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { checkGroupShapes } from '../../checks/shapes';
import { sumGroups } from '../../composition/groups';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D; m: tf.Tensor3D };

/**
 * Gradient of {@link gaussianResidualErrorOperation}: -g m for predictions, g (x~ - z) for assignments. Kernel
 * `TaggerGaussianResidualErrorGradient`.
 *
 * Inputs: dy, written g, [K, B, N], and those of the operation; outputs, both [K, B, N].
 */
export const gaussianResidualErrorGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Tensor3D },
  Record<string, never>,
  [tf.Tensor3D, tf.Tensor3D]
>({
  kernelName: 'TaggerGaussianResidualErrorGradient',
  check({ dy, corrupted, z, m }) {
    checkGroupShapes('gaussianResidualErrorGradient', { input: { corrupted }, groups: { z, m, dy } });
  },
  compose: ({ dy, corrupted, z, m }) => [tf.neg(tf.mul<tf.Tensor3D>(dy, m)), tf.mul(dy, tf.sub(corrupted, z))],
});

/**
 * The Gaussian modeling error of the authors' released code, the form 'residual' of {@link gaussianModelingError}.
 * Kernel `TaggerGaussianResidualError`.
 *
 *     dz_k = (x~ - z_k) m_k
 *
 * Inputs: corrupted [B, N], z and m [K, B, N]; output [K, B, N].
 */
export const gaussianResidualErrorOperation = /* @__PURE__ */ defineOperation<
  Inputs,
  Record<string, never>,
  [tf.Tensor3D]
>({
  kernelName: 'TaggerGaussianResidualError',
  check({ corrupted, z, m }) {
    checkGroupShapes('gaussianModelingError', { input: { corrupted }, groups: { z, m } });
  },
  compose: ({ corrupted, z, m }) => [tf.mul(tf.sub(corrupted, z), m)],
  saves: { inputs: ['corrupted', 'z', 'm'] },
  gradient([dy], [corrupted, z, m]) {
    const inputs = {
      dy: dy as tf.Tensor3D,
      corrupted: corrupted as tf.Tensor2D,
      z: z as tf.Tensor3D,
      m: m as tf.Tensor3D,
    };
    const [dPrediction, dAssignment] = gaussianResidualErrorGradientOperation(inputs, {});
    return {
      z: () => dPrediction,
      corrupted: () => tf.neg(sumGroups(dPrediction)),
      m: () => dAssignment,
    };
  },
});
