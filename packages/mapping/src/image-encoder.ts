import {
  add,
  createNormalization,
  initialWeights,
  matMul,
  reshape,
  TaggerError,
  type Norm,
  type Normalization,
} from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import type { CoreContext } from './core';
import { convolve, halve, type ImageSize } from './convolve';

/** Convolutions over [z, m, dz, L] as four channels, to ever coarser images. The parameters are whoever's it is made for. */
export interface ImageEncoder {
  /** What is trained: `E_l`, `b_E_l`, and `D_l` (and `G_l`) from l = 1 on. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly normalizations: Readonly<Record<string, Normalization>>;
  /** The sizes of the images, from the input's on, each half of the one before. */
  readonly sizes: readonly ImageSize[];
  /** The pixels of [z, m, dz, L], [K*B*N, 4], to [K*B*h_l*w_l, c_l] for l = 0 .. L. */
  encode(pixels: tf.Tensor2D, context: CoreContext): tf.Tensor2D[];
  /** Frees what is not a parameter and no normalization. */
  dispose(): void;
}

/** A convolution of 3 x 3 pixels from `inputs` to `size` channels, normalized, with bias and rectifier: its parameters. */
export function createBlock(name: string, inputs: number, size: number, norm: Norm, random: Random) {
  return {
    parameters: {
      [name]: initialWeights(random.fork(name), [9 * inputs, size]),
      [`b_${name}`]: tf.tidy(() => tf.variable(tf.zeros([size]))),
    },
    normalizations: { [`norm_${name}`]: createNormalization({ norm, size }) },
  };
}

/** What {@link createBlock} has the parameters of: relu( norm( conv(x) ) + b ). */
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
 * Makes an encoder of channels c_0 .. c_L. With `global`, G_l tells every pixel of a coarser image what the image has on average;
 * without, it is absent.
 *
 *     e_0 = relu( norm( conv( [z, m, dz, L] ) ) + b )                   [h, w, c_0]
 *     f_l = halve(e_(l-1)) D_l
 *     e_l = relu( norm( conv( f_l + mean(f_l) G_l ) ) + b )             [h/2^l, w/2^l, c_l]      l = 1 .. L
 *
 * @throws TaggerError `INVALID_OPTION` where an input is no image of one channel whose rows and columns can be halved L
 *   times
 */
export function createImageEncoder(
  what: string,
  { channels, norm, inputShape, random, global = false }: EncoderOptions,
): ImageEncoder {
  const sizes = imageSizes(what, inputShape, channels.length - 1);
  const parameters: Record<string, tf.Variable> = {};
  const normalizations: Record<string, Normalization> = {};
  for (const [l, c] of channels.entries()) {
    const below = channels[l - 1];
    if (below !== undefined) {
      parameters[`D_${l}`] = initialWeights(random.fork(`D_${l}`), [4 * below, c]);
      if (global) parameters[`G_${l}`] = initialWeights(random.fork(`G_${l}`), [c, c]);
    }
    const block = createBlock(`E_${l}`, below === undefined ? 4 : c, c, norm, random);
    Object.assign(parameters, block.parameters);
    Object.assign(normalizations, block.normalizations);
  }
  const made = { parameters, normalizations };
  const averages = channels.map((c, l) => (global && l > 0 ? createAverage(sizes[l] as ImageSize, c) : undefined));
  return {
    ...made,
    sizes,
    encode(pixels, context) {
      const encoded = [applyBlock('E_0', pixels, sizes[0] as ImageSize, context, made)];
      for (let l = 1; l < channels.length; l++) {
        const finer = halve(encoded[l - 1] as tf.Tensor2D, sizes[l - 1] as ImageSize);
        const half = matMul(finer, parameters[`D_${l}`] as tf.Variable<tf.Rank.R2>);
        const whole = averages[l]?.spread(half, parameters[`G_${l}`] as tf.Variable<tf.Rank.R2>);
        const size = sizes[l] as ImageSize;
        encoded.push(applyBlock(`E_${l}`, whole === undefined ? half : add(half, whole), size, context, made));
      }
      return encoded;
    },
    dispose: () => averages.forEach((average) => average?.dispose()),
  };
}

/**
 * The average over each image, mixed by weights and given to all its pixels, x [R*P, C] -> [R*P, C]: as products, which have
 * their kernels and gradients on every backend.
 */
function createAverage([rows, columns]: ImageSize, channels: number) {
  const pixels = rows * columns;
  const tile = tf.tidy(() => tf.tile(tf.eye(channels), [1, pixels]));
  const average = tf.tidy(() => tf.mul<tf.Tensor2D>(tf.transpose(tile), 1 / pixels));
  return {
    spread(x: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D {
      const images = reshape<tf.Rank.R2>(x, [x.shape[0] / pixels, pixels * channels]);
      return reshape<tf.Rank.R2>(matMul(matMul(matMul(images, average), weights), tile), x.shape);
    },
    dispose: () => tf.dispose([tile, average]),
  };
}

interface EncoderOptions {
  readonly channels: readonly number[];
  readonly norm: Norm;
  readonly inputShape: readonly number[];
  readonly random: Random;
  readonly global?: boolean;
}

/** @throws TaggerError `INVALID_OPTION` where they are no list of one or more positive integers */
export function checkChannels(what: string, channels: unknown): void {
  if (!Array.isArray(channels) || channels.length === 0 || channels.some((c) => !Number.isInteger(c) || c < 1)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${what}: channels must be a list of one or more positive integers, the channels at full size, half, a ` +
        `quarter ..., such as [16, 32], not ${JSON.stringify(channels)}.`,
    );
  }
}

/** The sizes of the images from the input's on, each half of the one before. */
function imageSizes(what: string, inputShape: readonly number[], halvings: number): ImageSize[] {
  const [rows = 0, columns = 0, channels = 1] = inputShape;
  const least = 2 ** halvings;
  const isImage = inputShape.length >= 2 && inputShape.length <= 3 && channels === 1;
  if (!isImage || rows % least !== 0 || columns % least !== 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${what}: an input must be an image [rows, columns] of one channel, both multiples of ${least}, which ` +
        `${halvings + 1} sizes of channels need; it is [${inputShape}]. Give fewer channels, or other inputs.`,
    );
  }
  return Array.from({ length: halvings + 1 }, (_, l) => [rows / 2 ** l, columns / 2 ** l] as const);
}
