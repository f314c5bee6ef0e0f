import {
  checkOneOf,
  checkOptionNames,
  checkPositive,
  GAUSSIAN_ERROR_FORMS,
  gaussianCost,
  gaussianLikelihood,
  gaussianModelingError,
  TaggerError,
  type GaussianErrorForm,
  type TensorTree,
} from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import type { NoiseComponent, NoiseEnvironment, NoiseModel } from './noise-model';

/** Options of {@link gaussian}. */
export interface GaussianOptions {
  /** sigma: the standard deviation of the noise, in the units of the inputs, positive. @default 0.2 */
  readonly standardDeviation?: number;
  /** Which form of the modeling error; see {@link gaussian}. @default 'algorithm' */
  readonly form?: GaussianErrorForm;
  /** The initial value of the learned variance v, positive. @default the variance of the training data, 1 if unknown */
  readonly initialVariance?: number;
}

/**
 * Noise for real inputs: adds a normal number to each element. Predictions are means, with one learned variance v.
 *
 *     x~   = x + N(0, sigma^2)
 *     z~_k = Normal(x~; z_k, v + sigma^2)                                                      Eq. 15
 *     L_k  = z~_k / sum_h z~_h                                                                 Alg. 2
 *     dz_k = (x~ - z_k) m_k z~_k                                              'algorithm'      Eq. 24, Alg. 2
 *            (x~ - z_k) / (v + sigma^2) * m_k z~_k / sum_h m_h z~_h           'exact'          Eq. 23
 *            (x~ - z_k) m_k                                                   'residual'       the authors' released code
 *     cost = mean -log sum_k m_k Normal(x; z_k, v)
 *
 * The Normal of a pixel with several channels is the product of theirs; (x~ - z_k) is that of each channel, and the cost is per
 * value.
 *
 * Uncorrupted inputs (at test time) use the same sigma. The trained parameter is `logVariance`, log v, a scalar.
 *
 * @throws TaggerError `INVALID_OPTION`. `create` throws it too if the training data has no variance and there is no
 *   `initialVariance`, and if the density of many channels in the form 'algorithm' exceeds float32
 */
export function gaussian(options: GaussianOptions = {}): NoiseComponent {
  checkOptionNames('gaussian', options, ['standardDeviation', 'form', 'initialVariance']);
  const { standardDeviation = 0.2, form = 'algorithm', initialVariance } = options;
  checkPositive('gaussian', 'standardDeviation', standardDeviation);
  checkOneOf('gaussian', 'form', form, GAUSSIAN_ERROR_FORMS);
  if (initialVariance !== undefined) checkPositive('gaussian', 'initialVariance', initialVariance);
  return {
    config: {
      type: 'gaussian',
      standardDeviation,
      form,
      ...(initialVariance === undefined ? {} : { initialVariance }),
    },
    create: (environment) =>
      new GaussianNoise(standardDeviation, form, initialVariance ?? varianceOf(environment), environment.channels),
  };
}

class GaussianNoise implements NoiseModel {
  private readonly logVariance: tf.Variable<tf.Rank.R0>;

  constructor(
    private readonly standardDeviation: number,
    private readonly form: GaussianErrorForm,
    variance: number,
    private readonly channels = 1,
  ) {
    if (form === 'algorithm' && channels > 1) checkDensity(variance + standardDeviation ** 2, channels);
    this.logVariance = tf.tidy(() => tf.variable(tf.scalar(Math.log(variance), 'float32')));
  }

  corrupt(x: tf.Tensor2D, random: Random): tf.Tensor2D {
    return tf.tidy(() => {
      const { standardDeviation } = this;
      return tf.add(x, tf.tensor2d(random.normal(x.size, { standardDeviation }), x.shape));
    });
  }

  assignmentLikelihood(corrupted: tf.Tensor2D, z: tf.Tensor3D): tf.Tensor3D {
    const { standardDeviation, channels } = this;
    return gaussianLikelihood(corrupted, z, this.logVariance, { standardDeviation, channels });
  }

  modelingError(corrupted: tf.Tensor2D, z: tf.Tensor3D, m: tf.Tensor3D, logM: tf.Tensor3D): tf.Tensor3D {
    const { standardDeviation, form, channels } = this;
    return gaussianModelingError(corrupted, z, m, logM, this.logVariance, { standardDeviation, form, channels });
  }

  activatePrediction(zhat: tf.Tensor3D): tf.Tensor3D {
    return zhat;
  }

  cost(x: tf.Tensor2D, z: tf.Tensor3D, _m: tf.Tensor3D, logM: tf.Tensor3D): tf.Scalar {
    return gaussianCost(x, z, logM, this.logVariance, { channels: this.channels });
  }

  parameters(): TensorTree {
    return { logVariance: this.logVariance };
  }

  dispose(): void {
    this.logVariance.dispose();
  }
}

/** The largest float32 number. */
const LARGEST = 3.4e38;

/** Requires that the density of a pixel that is predicted exactly, a factor of the form 'algorithm', is a float32 number. */
function checkDensity(variance: number, channels: number): void {
  if ((2 * Math.PI * variance) ** (-channels / 2) <= LARGEST) return;
  throw new TaggerError(
    'INVALID_OPTION',
    `gaussian: with ${channels} channels and a variance of ${variance.toPrecision(2)}, initialVariance plus ` +
      `standardDeviation^2, the density exceeds float32. Use form: 'exact', or a larger standardDeviation.`,
  );
}

/** The variance of the training data, 1 if unknown. */
function varianceOf({ data }: NoiseEnvironment): number {
  if (data === undefined) return 1;
  const variance = data.standardDeviation ** 2;
  if (variance > 0 && variance < Infinity) return variance;
  throw new TaggerError(
    'INVALID_OPTION',
    `gaussian: the initial variance defaults to that of the training data, which must be positive; the data's standard ` +
      `deviation is ${data.standardDeviation}. Check the data, or pass initialVariance.`,
  );
}
