import {
  bitflipCost,
  bitflipLikelihood,
  bitflipModelingError,
  bitflipPixelCost,
  bitflipPixelError,
  bitflipPixelLikelihood,
  checkOptionNames,
  sigmoid,
  TaggerError,
  type TensorTree,
} from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import type { NoiseComponent, NoiseModel } from './noise-model';

/** Options of {@link bitflip}. */
export interface BitflipOptions {
  /** beta: the probability that an element is flipped, in (0, 0.5). @default 0.2 */
  readonly probability?: number;
}

/**
 * Noise for binary inputs: each element is flipped with probability beta. Predictions are probabilities of a one.
 *
 *     x~   = x XOR Bernoulli(beta)
 *     xi_k = z_k (1 - 2 beta) + beta                          Eq. 12
 *     z~_k = x~ xi_k + (1 - x~)(1 - xi_k)                     Eq. 13
 *     L_k  = z~_k / sum_h z~_h                                Alg. 3
 *     dz_k = m_k / (sum_h xi_h m_h - 1 + x~)                  A.5
 *     cost = mean -[x log q' + (1 - x) log(1 - q')],   q' = (1 - 2 eps) sum_k m_k z_k + eps,   eps = 1e-4
 *
 * The likelihood of a pixel with several channels is the product of theirs. With z~_kc that of channel c, and
 * r_k = m_k z~_k / sum_h m_h z~_h the posterior probability of group k:
 *
 *     z~_k  = prod_c z~_kc
 *     dz_kc = r_k (2 x~_c - 1) / z~_kc
 *     cost  = -1/C mean log sum_k m_k prod_c [x_c z'_kc + (1 - x_c)(1 - z'_kc)],   z' = (1 - 2 eps) z + eps
 *
 * Uncorrupted inputs (at test time) use the same beta. There are no trained parameters.
 *
 * @throws TaggerError `INVALID_OPTION`, also for 0, at which dz divides by zero
 */
export function bitflip(options: BitflipOptions = {}): NoiseComponent {
  checkOptionNames('bitflip', options, ['probability']);
  const { probability = 0.2 } = options;
  if (typeof probability !== 'number' || !(probability > 0 && probability < 0.5)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `bitflip: probability must be a number above 0 and below 0.5, got ${JSON.stringify(probability)}` +
        `${probability === 0 ? '. Without flips the modeling error divides by zero; use a small probability' : ''}.`,
    );
  }
  return {
    config: { type: 'bitflip', probability },
    create: ({ channels = 1 }) =>
      channels === 1 ? new BitflipNoise(probability) : new PixelBitflipNoise(probability, channels),
  };
}

class BitflipNoise implements NoiseModel {
  constructor(protected readonly probability: number) {}

  corrupt(x: tf.Tensor2D, random: Random): tf.Tensor2D {
    return tf.tidy(() => {
      const flips = tf.tensor2d(random.bernoulli(x.size, { probability: this.probability }), x.shape);
      return tf.sub(tf.add(x, flips), tf.mul(tf.mul(x, flips), 2)); // exclusive or: x + f - 2 x f
    });
  }

  assignmentLikelihood(corrupted: tf.Tensor2D, z: tf.Tensor3D): tf.Tensor3D {
    return bitflipLikelihood(corrupted, z, { probability: this.probability });
  }

  modelingError(corrupted: tf.Tensor2D, z: tf.Tensor3D, m: tf.Tensor3D, _logM: tf.Tensor3D): tf.Tensor3D {
    return bitflipModelingError(corrupted, z, m, { probability: this.probability });
  }

  activatePrediction(zhat: tf.Tensor3D): tf.Tensor3D {
    return sigmoid(zhat);
  }

  cost(x: tf.Tensor2D, z: tf.Tensor3D, m: tf.Tensor3D, _logM: tf.Tensor3D): tf.Scalar {
    return bitflipCost(x, z, m);
  }

  parameters(): TensorTree {
    return {};
  }

  dispose(): void {
    // Nothing to free.
  }
}

/** Bit flips of pixels with several channels. */
class PixelBitflipNoise extends BitflipNoise {
  readonly #attributes;

  constructor(probability: number, channels: number) {
    super(probability);
    this.#attributes = { probability, channels };
  }

  override assignmentLikelihood(corrupted: tf.Tensor2D, z: tf.Tensor3D): tf.Tensor3D {
    return bitflipPixelLikelihood(corrupted, z, this.#attributes);
  }

  override modelingError(corrupted: tf.Tensor2D, z: tf.Tensor3D, _m: tf.Tensor3D, logM: tf.Tensor3D): tf.Tensor3D {
    return bitflipPixelError(corrupted, z, logM, this.#attributes);
  }

  override cost(x: tf.Tensor2D, z: tf.Tensor3D, _m: tf.Tensor3D, logM: tf.Tensor3D): tf.Scalar {
    return bitflipPixelCost(x, z, logM, this.#attributes);
  }
}
