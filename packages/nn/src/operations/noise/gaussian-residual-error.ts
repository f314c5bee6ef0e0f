import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { checkGroupShapes } from '../../checks/shapes';
import { repeatChannels, sumChannels } from '../../composition/channels';
import { sumGroups } from '../../composition/groups';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D; m: tf.Tensor3D };
type Attributes = { channels?: number };

/**
 * Gradient of {@link gaussianResidualErrorOperation}: -g m for predictions, g (x~ - z) for assignments. Kernel
 * `TaggerGaussianResidualErrorGradient`.
 *
 * Inputs: dy, written g, [K, B, N], and those of the operation; attribute: channels; outputs [K, B, N] and, summed over the
 * channels of a pixel, [K, B, P].
 */
export const gaussianResidualErrorGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Tensor3D },
  Attributes,
  [tf.Tensor3D, tf.Tensor3D]
>({
  kernelName: 'TaggerGaussianResidualErrorGradient',
  check({ dy, corrupted, z, m }, { channels }) {
    checkGroupShapes('gaussianResidualErrorGradient', {
      input: { corrupted },
      groups: { z, dy },
      pixels: { m },
      channels,
    });
  },
  compose: ({ dy, corrupted, z, m }, { channels = 1 }) => [
    tf.neg(tf.mul<tf.Tensor3D>(dy, repeatChannels(m, channels))),
    sumChannels(tf.mul<tf.Tensor3D>(dy, tf.sub(corrupted, z)), channels),
  ],
});

/**
 * The Gaussian modeling error of the authors' released code, the form 'residual' of {@link gaussianModelingError}.
 * Kernel `TaggerGaussianResidualError`.
 *
 *     dz_k = (x~ - z_k) m_k
 *
 * Inputs: corrupted [B, N], z [K, B, N], m [K, B, N/C]; attribute: channels C (1); output [K, B, N].
 */
export const gaussianResidualErrorOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor3D]>({
  kernelName: 'TaggerGaussianResidualError',
  check({ corrupted, z, m }, { channels }) {
    checkGroupShapes('gaussianModelingError', { input: { corrupted }, groups: { z }, pixels: { m }, channels });
  },
  compose: ({ corrupted, z, m }, { channels = 1 }) => [tf.mul(tf.sub(corrupted, z), repeatChannels(m, channels))],
  saves: { inputs: ['corrupted', 'z', 'm'] },
  gradient([dy], [corrupted, z, m], attributes) {
    const inputs = {
      dy: dy as tf.Tensor3D,
      corrupted: corrupted as tf.Tensor2D,
      z: z as tf.Tensor3D,
      m: m as tf.Tensor3D,
    };
    const [dPrediction, dAssignment] = gaussianResidualErrorGradientOperation(inputs, attributes);
    return {
      z: () => dPrediction,
      corrupted: () => tf.neg(sumGroups(dPrediction)),
      m: () => dAssignment,
    };
  },
});
