import {
  add,
  createNormalization,
  initialWeights,
  matMul,
  TaggerError,
  type Norm,
  type Normalization,
} from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import type * as tf from '@tensorflow/tfjs-core';

import type { CoreContext, CoreEnvironment } from '../contracts/core';
import { convolve, halve, type ImageSize } from './convolve';
import { filled } from '../parts/filled';
import { shareAverage } from './share-average';

/**
 * Convolutions over [z, m, dz, L] as 2C + 2 channels, for images of C channels, to ever coarser images. The core owns and
 * disposes the parameters and normalizations.
 */
export interface ImageEncoder {
  /** The trained parameters: `E_l`, `b_E_l`, and `D_l` (and `G_l`) from l = 1 on. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly normalizations: Readonly<Record<string, Normalization>>;
  /** The pixels of [z, m, dz, L], [K*B*P, 2C+2], to [K*B*h_l*w_l, c_l] for l = 0 .. L. */
  encode(pixels: tf.Tensor2D, context: CoreContext): tf.Tensor2D[];
}

/** The parameters of a 3 x 3 convolution from `inputs` to `size` channels with normalization, bias and ReLU. */
export function createBlock(name: string, inputs: number, size: number, norm: Norm, random: Random) {
  return {
    parameters: {
      [name]: initialWeights(random.fork(name), [9 * inputs, size]),
      [`b_${name}`]: filled<tf.Rank.R1>([size], 0),
    },
    normalizations: { [`norm_${name}`]: createNormalization({ norm, size }) },
  };
}

/** Applies a block of {@link createBlock}: relu( norm( conv(x) ) + b ). */
export function applyBlock(
  name: string,
  x: tf.Tensor2D,
  size: ImageSize,
  context: CoreContext,
  { parameters, normalizations }: Pick<ImageEncoder, 'parameters' | 'normalizations'>,
): tf.Tensor2D {
  const normalization = normalizations[`norm_${name}`] as Normalization;
  return normalization.apply(convolve(x, parameters[name] as tf.Variable<tf.Rank.R2>, size), context, {
    bias: parameters[`b_${name}`] as tf.Variable<tf.Rank.R1>,
    activation: 'relu',
  });
}

/**
 * Makes an encoder of channels c_0 .. c_L. With `global`, G_l adds the average over the image to every pixel of a coarser image;
 * without, there is no G_l.
 *
 *     e_0 = relu( norm( conv( [z, m, dz, L], E_0 ) ) + b_E_0 )                 [h, w, c_0]
 *     f_l = halve(e_(l-1)) D_l
 *     e_l = relu( norm( conv( f_l + mean(f_l) G_l, E_l ) ) + b_E_l )           [h/2^l, w/2^l, c_l]      l = 1 .. L
 */
export function createImageEncoder(options: EncoderOptions): ImageEncoder {
  const { channels, inputChannels, norm, sizes, random, global = false } = options;
  const parameters: Record<string, tf.Variable> = {};
  const normalizations: Record<string, Normalization> = {};
  for (const [l, c] of channels.entries()) {
    const below = channels[l - 1];
    if (below !== undefined) {
      parameters[`D_${l}`] = initialWeights(random.fork(`D_${l}`), [4 * below, c]);
      if (global) parameters[`G_${l}`] = initialWeights(random.fork(`G_${l}`), [c, c]);
    }
    const block = createBlock(`E_${l}`, below === undefined ? 2 * inputChannels + 2 : c, c, norm, random);
    Object.assign(parameters, block.parameters);
    Object.assign(normalizations, block.normalizations);
  }
  const made = { parameters, normalizations };
  return {
    ...made,
    encode(pixels, context) {
      const encoded = [applyBlock('E_0', pixels, sizes[0] as ImageSize, context, made)];
      for (let l = 1; l < channels.length; l++) {
        const finer = halve(encoded[l - 1] as tf.Tensor2D, sizes[l - 1] as ImageSize);
        const half = matMul(finer, parameters[`D_${l}`] as tf.Variable<tf.Rank.R2>);
        const size = sizes[l] as ImageSize;
        const weights = parameters[`G_${l}`] as tf.Variable<tf.Rank.R2> | undefined;
        const known = weights === undefined ? half : add(half, shareAverage(half, weights, size));
        encoded.push(applyBlock(`E_${l}`, known, size, context, made));
      }
      return encoded;
    },
  };
}

interface EncoderOptions {
  readonly channels: readonly number[];
  /** C: channels of the images. */
  readonly inputChannels: number;
  readonly norm: Norm;
  /** See {@link imageSizes}. */
  readonly sizes: readonly ImageSize[];
  readonly random: Random;
  readonly global?: boolean;
}

/** @throws TaggerError `INVALID_OPTION` unless channels is a non-empty list of positive integers */
export function checkChannels(what: string, channels: unknown): void {
  if (!Array.isArray(channels) || channels.length === 0 || channels.some((c) => !Number.isInteger(c) || c < 1)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${what}: channels must be a list of one or more positive integers, the channels at full size, half, a ` +
        `quarter ..., such as [16, 32], got ${JSON.stringify(channels)}.`,
    );
  }
}

/**
 * Image sizes from the input on, each half of the one before.
 *
 * @throws TaggerError `INVALID_OPTION` unless an input is an image of `channels` channels whose rows and columns can be halved
 *   `halvings` times
 */
export function imageSizes(
  what: string,
  { inputShape, channels = 1 }: Pick<CoreEnvironment, 'inputShape' | 'channels'>,
  halvings: number,
): ImageSize[] {
  const [rows = 0, columns = 0, last = 1] = inputShape;
  const least = 2 ** halvings;
  const isImage = inputShape.length >= 2 && inputShape.length <= 3 && channels === last;
  if (!isImage || rows % least !== 0 || columns % least !== 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${what}: with ${halvings + 1} numbers of channels, an input must be an image [rows, columns] or [rows, columns, ` +
        `channels], rows and columns multiples of ${least}, got [${inputShape}] with ${channels} channels. Use fewer channels, or other inputs.`,
    );
  }
  return Array.from({ length: halvings + 1 }, (_, l) => [rows / 2 ** l, columns / 2 ** l] as const);
}
