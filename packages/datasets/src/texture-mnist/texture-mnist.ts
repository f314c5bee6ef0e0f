import { createRandom, type Random } from '@taggerjs/random';

import { createDataset } from '../contract/create-dataset';
import { IGNORED_SEGMENT, type Dataset } from '../contract/dataset';
import { requireSplit, type Split } from '../contract/split';
import { DatasetError } from '../errors';
import { requireArray, requireWhole } from '../options';
import type { Digits } from './mnist';
import { generateTextures, TEXTURE_FREQUENCIES, TEXTURE_SIZE } from './textures';

/** Rows and columns of an image, and of a digit. */
const SIDE = 28;
const N = SIDE * SIDE;

/** Options of {@link textureMnist}. */
export interface TextureMnistOptions {
  /**
   * The digits of this split, such as MNIST's training digits 0 .. 49,999 for `'train'`, 50,000 .. 59,999 for
   * `'validation'`, its 10,000 test digits for `'test'`. See {@link mnistSplit}.
   */
  readonly digits: Digits;
  /** Digits in each image: 1 is TextureMNIST1, 2 is TextureMNIST2. */
  readonly count: 1 | 2;
  /** Which split: each has its own random numbers, but all use the same twenty textures. */
  readonly split: Split;
  /** Number of images. @default the number of digits */
  readonly size?: number;
  /** Seed of the images (not of their order). @default 0 */
  readonly seed?: number | string;
  /**
   * Elements whose largest mask is at most this value have segment 255, which scores ignore; in [0, 1).
   * @default 0.9
   */
  readonly ignoreUpTo?: number;
}

/**
 * Creates textured MNIST: digits filled with sinusoidal textures over a textured background, 28 x 28 gray values in
 * [0, 1]. The layers differ only in texture: their gray values have the same range.
 *
 * Layers are stacked from the background up. Each uses a random crop of a different texture of {@link generateTextures}.
 * A digit's gray value a in [0, 1] is its opacity:
 *
 *     x <- (1 - a) x + a texture
 *
 * So the mask of a layer is its own a times (1 - a) of each layer above it (a = 1 for the background).
 *
 * - `count: 1`, TextureMNIST1: image i shows digit i, unshifted.
 * - `count: 2`, TextureMNIST2: one digit shifted 2 elements left and up, another 2 right and down, stacked in random order.
 *   In every `digits.images.length / 784` images, each digit occurs once at each of the two positions.
 *
 * The segment of an element is the layer with the largest mask: 0 the background, 1 the (lower) digit, 2 the upper digit;
 * 255 if that mask is at most `ignoreUpTo`. The labels are the digits, the lower one first.
 *
 * Image i depends only on the seed, the split, the digits and i. Images are drawn when read.
 *
 * Source: Greff et al. 2016 (TextureMNIST1, TextureMNIST2). The images differ from the authors' files, which used other
 * random numbers.
 *
 * @throws DatasetError `INVALID_OPTION` for an unknown split, or a count, size or `ignoreUpTo` out of range;
 * `INVALID_DATA` for digits that are not byte arrays of matching lengths, or a label above 9
 */
export function textureMnist(options: TextureMnistOptions): Dataset {
  const { digits, count, split, seed = 0, ignoreUpTo = 0.9 } = options;
  requireSplit('textureMnist', split);
  requireWhole('textureMnist', 'count', count, 1, 2);
  const digitCount = requireDigits(digits);
  const { size = digitCount } = options;
  requireWhole('textureMnist', 'size', size, 1);
  if (!(ignoreUpTo >= 0 && ignoreUpTo < 1))
    throw new DatasetError(
      'INVALID_OPTION',
      `textureMnist: ignoreUpTo must be a number of at least 0 and below 1; got ${String(ignoreUpTo)}.`,
    );

  const random = createRandom(seed).fork('texture-mnist', count, split);
  let textures: readonly Float32Array[] | undefined;
  let placements: Placements | undefined;
  return createDataset({
    name: `texture-mnist-${count}/${split}`,
    size,
    inputShape: [SIDE, SIDE],
    labelsPerExample: count,
    read(indices) {
      textures ??= generateTextures(seed);
      placements ??= place(random, { size, count, digitCount });
      const inputs = new Float32Array(indices.length * N);
      const segments = new Uint8Array(inputs.length);
      const labels = new Uint8Array(indices.length * count);
      for (const [at, index] of indices.entries()) {
        drawImage(index, placements, textures, digits, ignoreUpTo, {
          inputs: inputs.subarray(at * N, (at + 1) * N),
          segments: segments.subarray(at * N, (at + 1) * N),
          labels: labels.subarray(at * count, (at + 1) * count),
        });
      }
      const background = segments.map((segment) => Number(segment === 0));
      return { inputs, segments, background, labels };
    },
  });
}

/** The random choices of all images. L = count + 1 layers, the background first. */
export interface Placements {
  readonly count: 1 | 2;
  /** [size, count] which digit, in stacking order. */
  readonly digits: Uint32Array;
  /** [size, count] how far the digit is shifted, to the right and down. */
  readonly shifts: Int8Array;
  /** [size, L] which texture. */
  readonly textures: Uint8Array;
  /** [size, L, 2] row and column of the texture where its crop starts. */
  readonly crops: Uint8Array;
}

/** Draws the random choices of `size` images. */
export function place(random: Random, how: { size: number; count: 1 | 2; digitCount: number }): Placements {
  const { size, count, digitCount } = how;
  const layers = count + 1;

  const digits = new Uint32Array(size * count);
  const shifts = new Int8Array(size * count);
  if (count === 1) for (let i = 0; i < size; i++) digits[i] = i % digitCount;
  else {
    const upper = random.fork('upper').bernoulli(size, { probability: 0.5 });
    for (let from = 0; from < size; from += digitCount) {
      const [first, second] = ['left', 'right'].map((place) =>
        random.fork('digit', place, from / digitCount).permutation(digitCount),
      ) as [Uint32Array, Uint32Array];
      for (let i = from; i < Math.min(from + digitCount, size); i++) {
        const left = upper[i]!; // position in the stack, 0 or 1, of the digit that is shifted to the left
        digits[2 * i + left] = first[i - from]!;
        digits[2 * i + 1 - left] = second[i - from]!;
        shifts[2 * i + left] = -2;
        shifts[2 * i + 1 - left] = 2;
      }
    }
  }

  // Layer l draws an index into the textures that the layers below it do not use.
  const textures = new Uint8Array(size * layers);
  for (let layer = 0; layer < layers; layer++) {
    const bound = TEXTURE_FREQUENCIES.length - layer;
    const drawn = random.fork('texture', layer).integers(size, { bound });
    for (let i = 0; i < size; i++) {
      const taken = textures.slice(i * layers, i * layers + layer).sort();
      let texture = drawn[i]!;
      for (const other of taken) if (texture >= other) texture++;
      textures[i * layers + layer] = texture;
    }
  }
  const crops = Uint8Array.from(random.fork('crop').integers(size * layers * 2, { bound: TEXTURE_SIZE - SIDE + 1 }));
  return { count, digits, shifts, textures, crops };
}

function drawImage(
  image: number,
  { count, digits, shifts, textures: chosen, crops }: Placements,
  textures: readonly Float32Array[],
  { images, labels: digitLabels }: Digits,
  ignoreUpTo: number,
  into: { readonly inputs: Float32Array; readonly segments: Uint8Array; readonly labels: Uint8Array },
): void {
  const { inputs, segments, labels } = into;
  const layers = count + 1;
  for (let layer = 0; layer < count; layer++) labels[layer] = digitLabels[digits[image * count + layer]!]!;
  const masks = new Float64Array(layers);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      let value = 0;
      for (let layer = 0; layer < layers; layer++) {
        let opacity = 1; // the background's
        if (layer > 0) {
          const digit = image * count + layer - 1;
          const [y, x] = [row - shifts[digit]!, column - shifts[digit]!];
          const inside = y >= 0 && y < SIDE && x >= 0 && x < SIDE;
          opacity = inside ? images[digits[digit]! * N + y * SIDE + x]! / 255 : 0;
        }
        const at = image * layers + layer;
        const texture = textures[chosen[at]!]!;
        const gray = texture[(row + crops[2 * at]!) * TEXTURE_SIZE + column + crops[2 * at + 1]!]!;
        value = (1 - opacity) * value + opacity * gray;
        for (let below = 0; below < layer; below++) masks[below]! *= 1 - opacity;
        masks[layer] = opacity;
      }
      let largest = 0;
      for (let layer = 1; layer < layers; layer++) if (masks[layer]! > masks[largest]!) largest = layer;
      inputs[row * SIDE + column] = value;
      segments[row * SIDE + column] = masks[largest]! > ignoreUpTo ? largest : IGNORED_SEGMENT;
    }
  }
}

/** Validates the digits and returns their number. */
function requireDigits(digits: Digits): number {
  requireArray('textureMnist', 'digits.images', digits?.images, ['Uint8Array']);
  requireArray('textureMnist', 'digits.labels', digits.labels, ['Uint8Array']);
  const { images, labels } = digits;
  if (labels.length === 0 || images.length !== labels.length * N)
    throw new DatasetError(
      'INVALID_DATA',
      `textureMnist: expected ${N} bytes (28 x 28) of digits.images for each of digits.labels, and at least one digit; got ` +
        `${images.length} bytes and ${labels.length} labels.`,
    );
  const bad = labels.findIndex((label) => label > 9);
  if (bad >= 0)
    throw new DatasetError(
      'INVALID_DATA',
      `textureMnist: digits.labels must be from 0 to 9; got ${labels[bad]} at index ${bad}.`,
    );
  return labels.length;
}
