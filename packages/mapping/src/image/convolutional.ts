import {
  add,
  addBias,
  checkOptionNames,
  initialWeights,
  matMul,
  reshape,
  type Norm,
  type Normalization,
} from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { checkCoreInput } from '../contracts/check-core-input';
import { checkNorm } from '../parts/check-options';
import type { Core, CoreComponent, CoreContext, CoreEnvironment, CoreOutput } from '../contracts/core';
import { double, toPixels, type ImageSize } from './convolve';
import { filled } from '../parts/filled';
import { imageCore } from './image-core';
import { applyBlock, checkChannels, createBlock, createImageEncoder, imageSizes } from './image-encoder';
import { checkPredictionInit, initialPredictions } from '../parts/prediction-init';

/** Options of {@link convolutional}. */
export interface ConvolutionalOptions {
  /** Channels c_0 .. c_L at full size, half, a quarter ...; at least one. */
  readonly channels: readonly number[];
  /**
   * The normalization: `'layer'` over the channels of each pixel, `'batch'` of each channel over the pixels of all rows.
   * @default 'layer'
   */
  readonly norm?: Norm;
  /** Initial offset and scale of the predictions: 0 and 1, or mean and standard deviation of the data. @default 'constant' */
  readonly predictionInit?: 'constant' | 'data';
}

/**
 * A core for images that replaces the projections and the Ladder: convolutions over [z, m, dz, L] as 2C + 2 channels, for images
 * of C channels, down to coarser images and up again. All pixels, groups and iterations share the weights.
 *
 *     e_0 = relu( norm( conv( [z, m, dz, L] ) ) + b )                         [h, w, c_0]
 *     e_l = relu( norm( conv( halve(e_(l-1)) D_l ) ) + b )                    [h/2^l, w/2^l, c_l]      l = 1 .. L
 *     d_L = e_L,   d_l = relu( norm( conv( e_l + double(d_(l+1) U_l) ) ) + b )                         l = L-1 .. 0
 *     zhat = d_0 W_z + bias_z,   mhat = d_0 W_m
 *
 * conv is a 3 x 3 convolution with zero padding. Parameters: `E_l` [9c, c_l], `D_l` [4c_(l-1), c_l], `U_l`
 * [c_(l+1), 4c_l], `F_l` [9c_l, c_l], `W_z` [c_0, C], `W_m` [c_0, 1], N(0, 1/fan_in) initially (W_z times the data's
 * standard deviation with `predictionInit: 'data'`); `b_E_l`, `b_F_l` [c_l], zeros; `bias_z` [C]. The convolution of E_0 has
 * 2C + 2 inputs.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is unknown or out of range. `create` throws `INVALID_OPTION` unless an
 *   input is an image whose rows and columns can be halved L times, and if `predictionInit` is 'data' and
 *   the data's statistics are missing
 */
export function convolutional(options: ConvolutionalOptions): CoreComponent {
  checkOptionNames('convolutional', options, ['channels', 'norm', 'predictionInit']);
  const { channels, norm = 'layer', predictionInit = 'constant' } = options;
  checkChannels('convolutional', channels);
  checkNorm('convolutional', norm);
  checkPredictionInit('convolutional', predictionInit);
  const known = { channels: [...channels], norm, predictionInit };
  return {
    config: { type: 'convolutional', ...known },
    create: (environment) => createConvolutional(known, environment),
  };
}

function createConvolutional(
  { channels, norm, predictionInit }: Required<ConvolutionalOptions>,
  environment: CoreEnvironment,
): Core {
  const { inputSize, channels: C = 1, random, data } = environment;
  const initial = initialPredictions('convolutional', predictionInit, data);
  const sizes = imageSizes('convolutional', environment, channels.length - 1);
  const encoder = createImageEncoder({ channels, inputChannels: C, norm, sizes, random });
  const top = channels.length - 1;
  const parameters: Record<string, tf.Variable> = { ...encoder.parameters };
  const normalizations: Record<string, Normalization> = { ...encoder.normalizations };
  for (let l = top - 1; l >= 0; l--) {
    const c = channels[l] as number;
    parameters[`U_${l}`] = initialWeights(random.fork(`U_${l}`), [channels[l + 1] as number, 4 * c]);
    const block = createBlock(`F_${l}`, c, c, norm, random);
    Object.assign(parameters, block.parameters);
    Object.assign(normalizations, block.normalizations);
  }
  for (const [name, size] of [
    ['W_z', C],
    ['W_m', 1],
  ] as const) {
    parameters[name] = initialWeights(random.fork(name), [channels[0] as number, size]);
  }
  tf.tidy(() => parameters['W_z']?.assign(tf.mul(parameters['W_z'] as tf.Variable, initial.standardDeviation)));
  parameters['bias_z'] = filled<tf.Rank.R1>([C], initial.mean);

  const get = (name: string) => parameters[name] as tf.Variable as tf.Tensor as tf.Tensor2D;
  const apply = (input: tf.Tensor2D, context: CoreContext): CoreOutput => {
    checkCoreInput('convolutional', input, environment);
    const encoded = encoder.encode(toPixels(input, sizes[0] as ImageSize), context);
    let decoded = encoded[top] as tf.Tensor2D;
    for (let l = top - 1; l >= 0; l--) {
      const twice = double(matMul(decoded, get(`U_${l}`)), sizes[l + 1] as ImageSize);
      const sum = add(encoded[l] as tf.Tensor2D, twice);
      decoded = applyBlock(`F_${l}`, sum, sizes[l] as ImageSize, context, { parameters, normalizations });
    }
    // [K*B*P, c] -> [K*B, P*c]
    const image = (pixels: tf.Tensor2D) =>
      reshape<tf.Rank.R2>(pixels, [input.shape[0], (inputSize / C) * pixels.shape[1]]);
    const z = addBias(matMul(decoded, get('W_z')), get('bias_z') as tf.Tensor as tf.Tensor1D);
    return { predictionLogits: image(z), assignmentLogits: image(matMul(decoded, get('W_m'))) };
  };
  return imageCore(apply, parameters, normalizations);
}
