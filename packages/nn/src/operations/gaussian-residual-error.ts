import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../operation';
import { checkGroupShapes, sumGroups } from './groups';

type Inputs = { corrupted: tf.Tensor2D; z: tf.Tensor3D; m: tf.Tensor3D };

/**
 * The Gaussian modelling error of the authors' released code, the form 'residual' of {@link gaussianModelingError}.
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
    const g = dy as tf.Tensor3D;
    const assignment = m as tf.Tensor3D;
    return {
      z: () => tf.neg(tf.mul(g, assignment)),
      corrupted: () => sumGroups(tf.mul(g, assignment)),
      m: () => tf.mul(g, tf.sub(corrupted as tf.Tensor, z as tf.Tensor)),
    };
  },
});
