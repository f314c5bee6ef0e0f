import {
  checkOptionNames,
  compete,
  createNormalization,
  initialWeights,
  matMul,
  reshape,
  TaggerError,
  type Norm,
  type Normalization,
} from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { checkCoreInput } from '../contracts/check-core-input';
import { checkNorm } from '../parts/check-options';
import { toPixels, type ImageSize } from './convolve';
import type { Core, CoreComponent, CoreContext, CoreEnvironment, CoreOutput } from '../contracts/core';
import { enlargement } from './enlarge';
import { filled } from '../parts/filled';
import { imageCore } from './image-core';
import { checkChannels, createImageEncoder, imageSizes } from './image-encoder';
import { checkPredictionInit, initialPredictions } from '../parts/prediction-init';
import { countWaves, waves } from './waves';

/** Options of {@link spectral}. */
export interface SpectralOptions {
  /**
   * Channels c_0 .. c_L of the convolutions that predict the assignment, at full size, half, a quarter ...; at least one.
   * The assignment has the coarsest resolution, so it cannot follow finer structure.
   */
  readonly channels: readonly number[];
  /**
   * Strength of the competition between the waves of a prediction, 0 (none) or above. It multiplies the energy of a wave
   * relative to the mean of all J (with layer normalization), which is at most J: 390 for 28 x 28 pixels.
   *
   * @default 0.15
   */
  readonly sharpness?: number;
  /**
   * The normalization: `'layer'` over the features of each row (of convolutions, the channels of each pixel), `'batch'` of
   * each feature over the rows (the pixels of all rows).
   *
   * @default 'layer'
   */
  readonly norm?: Norm;
  /** Initial offset and scale of the predictions: 0 and 1, or mean and standard deviation of the data. @default 'constant' */
  readonly predictionInit?: 'constant' | 'data';
}

/**
 * A core for images of textured objects. A group predicts one texture for the complete image: waves compete, and the
 * strongest suppress the others. Convolutions predict the assignment, with each group's global average as context. A group
 * can hardly predict several textures, so each texture takes a group of its own.
 *
 *     u    = [z, m, dz, L] W_u                                            [K*B, N]
 *     code = norm( u W_c ) + b_c                                          [K*B, 2J]
 *     zhat = norm( compete(code) W_z ) * gain_z + bias_z                  [K*B, N]
 *     e_0  = relu( norm( conv( [z, m, dz, L], E_0 ) ) + b_E_0 )           [h, w, c_0]
 *     f_l  = halve(e_(l-1)) D_l
 *     e_l  = relu( norm( conv( f_l + mean(f_l) G_l, E_l ) ) + b_E_l )     [h/2^l, w/2^l, c_l]      l = 1 .. L
 *     mhat = enlarge( e_L W_m )                                           [K*B, P]
 *
 * for images of P pixels and C channels, N = P*C. J is the number of waves that an image can hold: in each channel (P - 1)/2,
 * or (P - 2)/2 if one side is even, or (P - 4)/2 if both are.
 * {@link compete} weights the two parts of each wave by the softmax of sharpness times its energy. conv is a 3 x 3 convolution
 * with zero padding, mean is over the image, and enlarge interpolates linearly by 2^L.
 *
 * Parameters: `W_z` [2J, N], initially the waves of the discrete Fourier transform, and `W_c` [N, 2J], initially the same
 * transposed, over the root of P; `W_u` [2C+2, C], initially z + dz of each channel; `E_l` [9c, c_l], `D_l` [4c_(l-1), c_l],
 * `G_l` [c_l, c_l] and `W_m` [c_L, 1], N(0, 1/fan_in) initially; `b_c` [2J] and `b_E_l` [c_l], zeros; `gain_z` and `bias_z`
 * [N], 1 and 0, or with `predictionInit: 'data'` the data's standard deviation and mean. The design is this package's own, not the paper's.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is unknown or out of range. `create` throws `INVALID_OPTION` unless an
 *   input is an image that holds a wave and whose rows and columns can be halved L times, and if
 *   `predictionInit` is 'data' and the data's statistics are missing
 */
export function spectral(options: SpectralOptions): CoreComponent {
  checkOptionNames('spectral', options, ['channels', 'sharpness', 'norm', 'predictionInit']);
  const { channels, sharpness = 0.15, norm = 'layer', predictionInit = 'constant' } = options;
  checkChannels('spectral', channels);
  if (!(Number.isFinite(sharpness) && sharpness >= 0)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `spectral: sharpness must be a finite number of 0 or above, not ${JSON.stringify(sharpness)}.`,
    );
  }
  checkNorm('spectral', norm);
  checkPredictionInit('spectral', predictionInit);
  const known = { channels: [...channels], sharpness, norm, predictionInit };
  return {
    config: { type: 'spectral', ...known },
    create: (environment) => createSpectral(known, environment),
  };
}

function createSpectral(
  { channels, sharpness, norm, predictionInit }: Required<SpectralOptions>,
  environment: CoreEnvironment,
): Core {
  const { inputSize, channels: C = 1, random, data, reserve } = environment;
  const pixels = inputSize / C;
  const initial = initialPredictions('spectral', predictionInit, data);
  const sizes = imageSizes('spectral', environment, channels.length - 1);
  const [size] = sizes as [ImageSize];
  const count = 2 * C * countWaves(size);
  if (count === 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `spectral: an image of ${size[0]} x ${size[1]} pixels has no waves. Use larger images.`,
    );
  }
  const top = channels.length - 1;
  reserve?.(2 * inputSize * count + (top === 0 ? 0 : pixels ** 2 / 4 ** top));
  const encoder = createImageEncoder({ channels, inputChannels: C, norm, sizes, random, global: true });
  const W_m = initialWeights(random.fork('W_m'), [channels[top] as number, 1]);
  const norm_c = createNormalization({ norm, size: count });
  const norm_z = createNormalization({ norm, size: inputSize });
  const own = tf.tidy(() => {
    const basis = waves(size, C);
    const z = tf.eye(C);
    const none = tf.zeros<tf.Rank.R2>([1, C]);
    return {
      W_u: tf.variable(tf.concat2d([z, none, z, none], 0)),
      W_c: tf.variable(tf.mul<tf.Tensor2D>(tf.transpose(basis), 1 / Math.sqrt(pixels))),
      b_c: filled<tf.Rank.R1>([count], 0),
      W_z: tf.variable(basis),
      gain_z: filled<tf.Rank.R1>([inputSize], initial.standardDeviation),
      bias_z: filled<tf.Rank.R1>([inputSize], initial.mean),
    };
  });
  // Not a variable: it must outlive a tidy in which the core is made.
  const enlarge = top === 0 ? undefined : tf.keep(enlargement(sizes[top] as ImageSize, 2 ** top));
  const { W_u, W_c, b_c, W_z, gain_z, bias_z } = own;
  const parameters: Record<string, tf.Variable> = { ...own, W_m, ...encoder.parameters };
  const normalizations: Record<string, Normalization> = { norm_c, norm_z, ...encoder.normalizations };

  const apply = (input: tf.Tensor2D, context: CoreContext): CoreOutput => {
    checkCoreInput('spectral', input, environment);
    const features = toPixels(input, size);
    const u = reshape<tf.Rank.R2>(matMul(features, W_u), [input.shape[0], inputSize]);
    const code = compete(norm_c.apply(matMul(u, W_c), context, { bias: b_c }), { sharpness });
    const zhat = norm_z.apply(matMul(code, W_z), context, { gain: gain_z, bias: bias_z });
    const coarse = matMul(encoder.encode(features, context)[top] as tf.Tensor2D, W_m);
    const images = reshape<tf.Rank.R2>(coarse, [input.shape[0], pixels / 4 ** top]);
    return { predictionLogits: zhat, assignmentLogits: enlarge === undefined ? images : matMul(images, enlarge) };
  };
  const core = imageCore(apply, parameters, normalizations);
  return {
    ...core,
    dispose() {
      core.dispose();
      enlarge?.dispose();
    },
  };
}
