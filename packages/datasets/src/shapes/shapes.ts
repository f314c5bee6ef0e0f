import { createRandom } from '@taggerjs/random';

import { createDataset } from '../contract/create-dataset';
import type { Dataset } from '../contract/dataset';
import {
  drawImage,
  placeShapes,
  requireImageOptions,
  type ShapePlacements,
  type ShapesImageOptions,
} from './generate-shapes';
import { requireWhole } from '../options';
import { requireSplit, type Split } from '../contract/split';

/** Options of {@link shapes}. */
export interface ShapesOptions extends ShapesImageOptions {
  /** Which split. */
  readonly split: Split;
  /** Number of images. @default 50,000 for `'train'`, 10,000 for `'validation'` and `'test'` */
  readonly size?: number;
  /** Seed of the images (not of their order). @default 0 */
  readonly seed?: number | string;
}

/** Numbers of images in Greff et al. 2016. */
const SIZES: Readonly<Record<Split, number>> = { train: 50_000, validation: 10_000, test: 10_000 };

/**
 * Creates the Shapes data: binary 20 x 20 images, each the union of three shapes (see {@link generateShapes}). The segment
 * of an element is its shape, the background is what no shape covers; the labels are the kinds of the three shapes in drawing order, as indices into
 * {@link SHAPE_KINDS}. Grouping does not use labels.
 *
 * Example i depends only on the seed, the split and i, so a dataset of another size has the same first examples. Splits are
 * independent; a few images occur in two of them by chance. Images are drawn when read; only the kinds and positions of
 * the shapes stay in memory.
 *
 * @throws DatasetError `INVALID_OPTION` for an unknown split, or a size, canvas or number of shapes out of range
 */
export function shapes(options: ShapesOptions): Dataset {
  const { split, seed = 0 } = options;
  requireSplit('shapes', split);
  const { size = SIZES[split] } = options;
  requireWhole('shapes', 'size', size, 1);
  const image = requireImageOptions('shapes', options);
  const { canvas, shapesPerImage } = image;
  const random = createRandom(seed).fork('shapes', split);
  let placements: ShapePlacements | undefined;

  return createDataset({
    name: `shapes/${split}`,
    size,
    inputShape: canvas,
    labelsPerExample: shapesPerImage,
    read(indices) {
      placements ??= placeShapes(random, size, image);
      const { kinds } = placements;
      const inputs = new Float32Array(indices.length * canvas[0] * canvas[1]);
      const segments = new Uint8Array(inputs.length);
      const labels = new Uint8Array(indices.length * shapesPerImage);
      for (const [at, index] of indices.entries()) {
        drawImage(placements, index, inputs, segments, at);
        labels.set(kinds.subarray(index * shapesPerImage, (index + 1) * shapesPerImage), at * shapesPerImage);
      }
      const background = Uint8Array.from(inputs, (value) => 1 - value);
      return { inputs, segments, background, labels };
    },
  });
}
