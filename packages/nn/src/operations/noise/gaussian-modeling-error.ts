import type * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { gaussianAlgorithmErrorOperation } from './gaussian-algorithm-error';
import { gaussianExactErrorOperation } from './gaussian-exact-error';
import { gaussianResidualErrorOperation } from './gaussian-residual-error';

/** The forms of the Gaussian modeling error; see {@link gaussianModelingError}. */
export const GAUSSIAN_ERROR_FORMS = ['algorithm', 'exact', 'residual'] as const;

/** One of {@link GAUSSIAN_ERROR_FORMS}. */
export type GaussianErrorForm = (typeof GAUSSIAN_ERROR_FORMS)[number];

/**
 * dz: the modeling error under Gaussian noise, in one of three forms, with z~_k = Normal(x~; z_k, v + sigma^2):
 *
 *     'algorithm'  dz_k = (x~ - z_k) m_k z~_k                                                 Eq. 24, Alg. 2
 *     'exact'      dz_k = (x~ - z_k) / (v + sigma^2) * m_k z~_k / sum_h m_h z~_h              Eq. 23
 *     'residual'   dz_k = (x~ - z_k) m_k                                                      the authors' released code
 *
 * 'exact' is the gradient of log q(x~) with respect to the prediction. Its ratio is a softmax over groups of log z~ + log m,
 * so neither assignments that underflow nor predictions far away make it 0 / 0. Each form is a separate operation with the
 * inputs that it needs: 'exact' has a gradient for log m but not for m, the others the reverse; 'residual' does not use the
 * variance.
 *
 * With several channels, z~_k is the product over those of a pixel, which share m_k.
 *
 * @param corrupted x~: [B, N], N = P*C with the C channels of a pixel next to each other
 * @param z predictions of the groups: [K, B, N]
 * @param m assignments: [K, B, P], summing to one over groups
 * @param logM log m from the log-softmax, not the logarithm of m, which underflows: [K, B, P]
 * @param logVariance log v, the learned variance's logarithm: []
 * @param options `standardDeviation`: sigma, the standard deviation of the noise, positive; `form`; `channels`: C, 1 by default
 * @returns dz: [K, B, N]
 * @throws TaggerError `INVALID_SHAPE`, `INVALID_OPTION`
 */
export function gaussianModelingError(
  corrupted: tf.Tensor2D,
  z: tf.Tensor3D,
  m: tf.Tensor3D,
  logM: tf.Tensor3D,
  logVariance: tf.Scalar,
  options: { readonly standardDeviation: number; readonly form: GaussianErrorForm; readonly channels?: number },
): tf.Tensor3D {
  const { standardDeviation, form, channels = 1 } = options;
  switch (form) {
    case 'algorithm':
      return gaussianAlgorithmErrorOperation({ corrupted, z, m, logVariance }, { standardDeviation, channels })[0];
    case 'exact':
      return gaussianExactErrorOperation({ corrupted, z, logM, logVariance }, { standardDeviation, channels })[0];
    case 'residual':
      return gaussianResidualErrorOperation({ corrupted, z, m }, { channels })[0];
    default:
      throw new TaggerError(
        'INVALID_OPTION',
        `gaussianModelingError: form must be one of ${GAUSSIAN_ERROR_FORMS.join(', ')}, not ${String(form)}.`,
      );
  }
}
