import { createRandom, type Random } from '@taggerjs/random';

import { createDataset } from '../contract/create-dataset';
import type { Dataset } from '../contract/dataset';
import { requireSplit, type Split } from '../contract/split';
import { DatasetError } from '../errors';
import { requireWhole } from '../options';
import { imageShapeOf, requireColors, type SpriteColors } from './sprite-colors';
import { coverageOf, SPRITE_KINDS, type Sprite } from './sprite-shapes';

/** Rows and columns of the image that sprites are drawn on, before it is reduced. */
const CANVAS = 64;
/** dSprites: six scales from 0.5 to 1, 40 orientations, 32 positions along each axis. */
const [SCALES, ORIENTATIONS, POSITIONS] = [6, 40, 32];
const MOST_SPRITES = 16;

/** Numbers of images: of the published million, IODINE and its successors train on 60,000. */
const SIZES: Readonly<Record<Split, number>> = { train: 60_000, validation: 10_000, test: 10_000 };

/** Options of {@link multiDsprites}. */
export interface MultiDspritesOptions {
  /** Which split. */
  readonly split: Split;
  /** Number of images. @default 60,000 for `'train'`, 10,000 for `'validation'` and `'test'` */
  readonly size?: number;
  /** Seed of the images (not of their order). @default 0 */
  readonly seed?: number | string;
  /** Rows and columns of an image: 64, 32, 16 or 8. Smaller images are means over blocks of the 64 x 64 pixels. @default 64 */
  readonly side?: number;
  /**
   * Channels and values of a pixel: with `'rgb'` and `'gray'`, the colors of the sprites and the background are random; with
   * `'binary'`, sprites are white on black.
   * @default 'rgb'
   */
  readonly colors?: SpriteColors;
  /** The least and the most sprites in an image, 1 to 16. @default [1, 4], with `'binary'` [2, 3] */
  readonly sprites?: readonly [least: number, most: number];
}

/**
 * Creates a re-creation of Multi-dSprites: 64 x 64 pixels, one to four sprites (squares, ellipses and hearts) on a uniform
 * background. Later sprites cover earlier ones. The kind, one of six scales, of 40 orientations and of 32 x 32 positions
 * of each sprite are drawn uniformly, and so are the colors.
 *
 * Segment 0 is the background, 1, 2, ... are the sprites in drawing order; a sprite that is covered completely has no
 * pixels. In reduced images, a pixel is background if sprites cover less than half of it; otherwise it belongs to the sprite
 * that covers most of it, of equal ones the one in front. Reduced binary images are black and white too.
 *
 * Image i depends only on the seed, the split, the options and i. Images are drawn when read, with the same bits in every
 * engine.
 *
 * Source: Kabra et al., "Multi-Object Datasets" (2019), after Burgess et al., "MONet" (2019), with sprites like those of
 * dSprites (Matthey et al. 2017). These are new images made from that description, not the published ones. The outlines of
 * the sprites are ours, and approximate those of dSprites.
 *
 * @throws DatasetError `INVALID_OPTION` for an unknown split or colors, or a size, side or number of sprites out of range
 */
export function multiDsprites(options: MultiDspritesOptions): Dataset {
  const { split, seed = 0, colors = 'rgb', side = CANVAS } = options;
  requireSplit('multiDsprites', split);
  requireColors('multiDsprites', colors);
  const { size = SIZES[split], sprites = colors === 'binary' ? [2, 3] : [1, 4] } = options;
  requireWhole('multiDsprites', 'size', size, 1);
  if (![64, 32, 16, 8].includes(side))
    throw new DatasetError('INVALID_OPTION', `multiDsprites: side must be 64, 32, 16 or 8; got ${String(side)}.`);
  if (!Array.isArray(sprites) || sprites.length !== 2)
    throw new DatasetError(
      'INVALID_OPTION',
      `multiDsprites: sprites must be [least, most], such as [1, 4]; got ${JSON.stringify(sprites)}.`,
    );
  const [least, most] = sprites as readonly [number, number];
  requireWhole('multiDsprites', 'sprites[1], the most sprites,', most, 1, MOST_SPRITES);
  requireWhole('multiDsprites', 'sprites[0], the least sprites,', least, 1, most);
  const random = createRandom(seed).fork('multi-dsprites', split);
  const channels = colors === 'rgb' ? 3 : 1;
  const pixels = side * side;

  return createDataset({
    name: `multi-dsprites/${split}`,
    size,
    inputShape: imageShapeOf(side, side, colors),
    read(indices) {
      const inputs = new Float32Array(indices.length * pixels * channels);
      const segments = new Uint8Array(indices.length * pixels);
      for (const [at, index] of indices.entries()) {
        const scene = sceneOf(random.fork(index), [least, most], colors);
        drawScene(scene, {
          side,
          colors,
          inputs: inputs.subarray(at * pixels * channels, (at + 1) * pixels * channels),
          segments: segments.subarray(at * pixels, (at + 1) * pixels),
        });
      }
      return { inputs, segments, background: segments.map((segment) => Number(segment === 0)) };
    },
  });
}

/** The sprites of an image, the one at the back first, and the values of the background and of each sprite. */
interface Scene {
  readonly sprites: readonly Sprite[];
  readonly values: readonly (readonly number[])[];
}

function sceneOf(random: Random, [least, most]: readonly [number, number], colors: SpriteColors): Scene {
  const count = least + random.fork('count').integers(1, { bound: most - least + 1 })[0]!;
  const integers = (name: string, bound: number) => random.fork(name).integers(count, { bound });
  const kinds = integers('kind', SPRITE_KINDS.length);
  const scales = integers('scale', SCALES);
  const orientations = integers('orientation', ORIENTATIONS);
  const [xs, ys] = [integers('x', POSITIONS), integers('y', POSITIONS)];
  const sprites = Array.from(kinds, (kind, i) => ({
    kind: SPRITE_KINDS[kind]!,
    scale: 0.5 + (0.5 * scales[i]!) / (SCALES - 1),
    orientation: orientations[i]! / ORIENTATIONS,
    // The largest sprites, 16 pixels from the center at most, stay inside.
    x: (CANVAS - POSITIONS) / 2 + 0.5 + xs[i]!,
    y: (CANVAS - POSITIONS) / 2 + 0.5 + ys[i]!,
  }));
  const drawn = random.fork('color').uniform(3 * (count + 1));
  const values = Array.from({ length: count + 1 }, (_, i) => {
    if (colors === 'binary') return [Number(i > 0)];
    return [...drawn.subarray(3 * i, 3 * i + (colors === 'rgb' ? 3 : 1))];
  });
  return { sprites, values };
}

/** Draws an image, as means over blocks of 64 x 64 points. */
function drawScene(
  { sprites, values }: Scene,
  into: {
    readonly side: number;
    readonly colors: SpriteColors;
    readonly inputs: Float32Array;
    readonly segments: Uint8Array;
  },
): void {
  const { side, colors, inputs, segments } = into;
  const covers = sprites.map(coverageOf);
  const block = CANVAS / side;
  const channels = values[0]!.length;
  const points = new Int32Array(values.length); // points of the pixel, by segment
  for (let pixel = 0; pixel < segments.length; pixel++) {
    points.fill(0);
    const [top, left] = [Math.floor(pixel / side) * block, (pixel % side) * block];
    for (let i = 0; i < block * block; i++) {
      const [y, x] = [top + Math.floor(i / block) + 0.5, left + (i % block) + 0.5];
      let front = covers.length;
      while (front > 0 && !covers[front - 1]!(x, y)) front--;
      points[front]! += 1;
    }
    if (2 * points[0]! <= block * block) {
      let largest = 1;
      for (let sprite = 2; sprite < points.length; sprite++) if (points[sprite]! >= points[largest]!) largest = sprite;
      segments[pixel] = largest;
    }
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let segment = 0; segment < points.length; segment++) sum += points[segment]! * values[segment]![channel]!;
      const mean = sum / (block * block);
      inputs[pixel * channels + channel] = colors === 'binary' ? Number(mean >= 0.5) : mean;
    }
  }
}
