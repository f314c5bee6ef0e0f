import {
  add,
  addBias,
  checkOptionNames,
  createNormalization,
  disposeTree,
  initialWeights,
  matMul,
  reshape,
  TaggerError,
  type Norm,
  type Normalization,
} from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { checkNorm } from './check-options';
import type { Core, CoreComponent, CoreContext, CoreEnvironment, CoreOutput } from './core';
import { joinStates } from './join-states';
import { convolve, double, halve, toPixels, type ImageSize } from './convolve';
import { checkPredictionInit, initialPredictions } from './prediction-init';

/** What {@link convolutional} takes. */
export interface ConvolutionalOptions {
  /** Channels c_0 .. c_L at full size, half, a quarter ...; at least one. */
  readonly channels: readonly number[];
  /**
   * The normalization: `'layer'` over the channels of each pixel, `'batch'` of each channel over the pixels of all rows.
   * @default 'layer'
   */
  readonly norm?: Norm;
  /** How the predictions begin: with scale 1 about 0, or the training data's about their mean. @default 'constant' */
  readonly predictionInit?: 'constant' | 'data';
}

/**
 * A core for images, in the place of the projections and the Ladder: convolutions over [z, m, dz, L] as four channels,
 * down to coarser images and up again. The same weights serve every pixel, group and iteration.
 *
 *     e_0 = relu( norm( conv( [z, m, dz, L] ) ) + b )                         [h, w, c_0]
 *     e_l = relu( norm( conv( halve(e_(l-1)) D_l ) ) + b )                    [h/2^l, w/2^l, c_l]      l = 1 .. L
 *     d_L = e_L,   d_l = relu( norm( conv( e_l + double(d_(l+1) U_l) ) ) + b )                         l = L-1 .. 0
 *     zhat = d_0 W_z + bias_z,   mhat = d_0 W_m
 *
 * conv is of 3 x 3 pixels, with zeros beyond the edge. Parameters: `E_l` [9c, c_l], `D_l` [4c_(l-1), c_l], `U_l`
 * [c_(l+1), 4c_l], `F_l` [9c_l, c_l], `W_z`, `W_m` [c_0, 1], N(0, 1/fan_in) initially (W_z times the data's standard
 * deviation with `predictionInit: 'data'`); `b_E_l`, `b_F_l` [c_l], zeros; `bias_z` [1].
 *
 * @throws TaggerError `INVALID_OPTION` where an option is unknown or out of range; when the core is made, `INVALID_OPTION`
 *   where an input is no image of one channel whose rows and columns can be halved L times, or `predictionInit` is 'data'
 *   and the data's statistics are not known
 */
export function convolutional(options: ConvolutionalOptions): CoreComponent {
  checkOptionNames('convolutional', options, ['channels', 'norm', 'predictionInit']);
  const { channels, norm = 'layer', predictionInit = 'constant' } = options;
  if (!Array.isArray(channels) || channels.length === 0 || channels.some((c) => !Number.isInteger(c) || c < 1)) {
    throw new TaggerError(
      'INVALID_OPTION',
      'convolutional: channels must be a list of one or more positive integers, the channels at full size, half, a ' +
        `quarter ..., such as [16, 32], not ${JSON.stringify(channels)}.`,
    );
  }
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
  { inputShape, inputSize, random, data }: CoreEnvironment,
): Core {
  const top = channels.length - 1;
  const sizes = imageSizes(inputShape, top);
  const initial = initialPredictions('convolutional', predictionInit, data);
  const parameters: Record<string, tf.Variable> = {};
  const normalizations: Record<string, Normalization> = {};
  const weights = (name: string, rows: number, columns: number) => {
    parameters[name] = initialWeights(random.fork(name), [rows, columns]);
  };
  const layer = (name: string, rows: number, size: number) => {
    weights(name, rows, size);
    parameters[`b_${name}`] = filled(size, 0);
    normalizations[`norm_${name}`] = createNormalization({ norm, size });
  };
  for (const [l, c] of channels.entries()) {
    const below = channels[l - 1];
    if (below !== undefined) weights(`D_${l}`, 4 * below, c);
    layer(`E_${l}`, 9 * (below === undefined ? 4 : c), c);
  }
  for (let l = top - 1; l >= 0; l--) {
    const c = channels[l] as number;
    weights(`U_${l}`, channels[l + 1] as number, 4 * c);
    layer(`F_${l}`, 9 * c, c);
  }
  for (const name of ['W_z', 'W_m']) weights(name, channels[0] as number, 1);
  tf.tidy(() => parameters['W_z']?.assign(tf.mul(parameters['W_z'] as tf.Variable, initial.standardDeviation)));
  parameters['bias_z'] = filled(1, initial.mean);

  const get = (name: string) => parameters[name] as tf.Variable as tf.Tensor as tf.Tensor2D;
  const apply = (input: tf.Tensor2D, context: CoreContext): CoreOutput => {
    if (input.rank !== 2 || input.shape[1] !== 4 * inputSize) {
      throw new TaggerError(
        'INVALID_SHAPE',
        `convolutional: the input must be [K*B, ${4 * inputSize}], z, m, dz and L of ${inputSize} elements each; it is ` +
          `[${input.shape}].`,
      );
    }
    const size = (level: number) => sizes[level] as ImageSize;
    const block = (x: tf.Tensor2D, name: string, level: number) =>
      (normalizations[`norm_${name}`] as Normalization).apply(convolve(x, get(name), size(level)), context, {
        bias: get(`b_${name}`) as tf.Tensor as tf.Tensor1D,
        activation: 'relu',
      });
    const encoded = [block(toPixels(input, size(0)), 'E_0', 0)];
    for (let l = 1; l <= top; l++) {
      const half = matMul(halve(encoded[l - 1] as tf.Tensor2D, size(l - 1)), get(`D_${l}`));
      encoded.push(block(half, `E_${l}`, l));
    }
    let decoded = encoded[top] as tf.Tensor2D;
    for (let l = top - 1; l >= 0; l--) {
      const twice = double(matMul(decoded, get(`U_${l}`)), size(l + 1));
      decoded = block(add(encoded[l] as tf.Tensor2D, twice), `F_${l}`, l);
    }
    const image = (pixels: tf.Tensor2D) => reshape<tf.Rank.R2>(pixels, [input.shape[0], inputSize]);
    const z = addBias(matMul(decoded, get('W_z')), get('bias_z') as tf.Tensor as tf.Tensor1D);
    return { predictionLogits: image(z), assignmentLogits: image(matMul(decoded, get('W_m'))) };
  };
  return {
    apply: (input, context) => tf.tidy(() => apply(input, context) as CoreOutput & tf.TensorContainerObject),
    parameters: () => parameters,
    ...joinStates(normalizations),
    dispose() {
      disposeTree(parameters);
      for (const normalization of Object.values(normalizations)) normalization.dispose();
    },
  };
}

/** The sizes of the images from the input's on, each half of the one before. */
function imageSizes(inputShape: readonly number[], halvings: number): ImageSize[] {
  const [rows = 0, columns = 0, channels = 1] = inputShape;
  const least = 2 ** halvings;
  const isImage = inputShape.length >= 2 && inputShape.length <= 3 && channels === 1;
  if (!isImage || rows % least !== 0 || columns % least !== 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `convolutional: an input must be an image [rows, columns] of one channel, both multiples of ${least}, which ` +
        `${halvings + 1} sizes of channels need; it is [${inputShape}]. Give fewer channels, or other inputs.`,
    );
  }
  return Array.from({ length: halvings + 1 }, (_, l) => [rows / 2 ** l, columns / 2 ** l] as const);
}

function filled(size: number, value: number): tf.Variable {
  return tf.tidy(() => tf.variable(tf.fill([size], value)));
}
