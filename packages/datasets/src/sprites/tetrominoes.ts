import { createRandom, type Random } from '@taggerjs/random';

import { createDataset } from '../contract/create-dataset';
import type { Dataset } from '../contract/dataset';
import { requireSplit, type Split } from '../contract/split';
import { DatasetError } from '../errors';
import { requireWhole } from '../options';
import { channelsOfColor, imageShapeOf, requireColors, type Color, type SpriteColors } from './sprite-colors';
import { TETROMINOES } from './tetromino-cells';

/** Objects in an image; rows and columns of an image, in cells. */
const [OBJECTS, CELLS] = [3, 7];

const SIDES: readonly number[] = [35, 28, 21, 14];

/** The colors of the description: red, green, blue, yellow, magenta, cyan. */
const COLORS: readonly Color[] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]]; // prettier-ignore

/** Numbers of images: of the published 100,000, IODINE and its successors train on 60,000. */
const SIZES: Readonly<Record<Split, number>> = { train: 60_000, validation: 10_000, test: 10_000 };

/** Options of {@link tetrominoes}. */
export interface TetrominoesOptions {
  /** Which split. */
  readonly split: Split;
  /** Number of images. @default 60,000 for `'train'`, 10,000 for `'validation'` and `'test'` */
  readonly size?: number;
  /** Seed of the images (not of their order). @default 0 */
  readonly seed?: number | string;
  /** Rows and columns of an image: 35, 28, 21 or 14. A seventh of it is the side of a cell. @default 35 */
  readonly side?: number;
  /** Channels and values of a pixel. @default 'rgb' */
  readonly colors?: SpriteColors;
}

/**
 * Creates a re-creation of Tetrominoes: 35 x 35 pixels, three tetrominoes on black that do not overlap. Each has one of six
 * colors, one of the 19 tetrominoes that differ by more than a shift, and cells of 5 x 5 pixels; all are drawn uniformly, and the
 * positions uniformly among those without overlap. With a smaller `side`, cells have 4 x 4, 3 x 3 or 2 x 2 pixels.
 *
 * Segment 0 is the background, 1 to 3 are the tetrominoes.
 *
 * Image i depends only on the seed, the split, the side, the colors and i. Images are drawn when read.
 *
 * Source: Kabra et al., "Multi-Object Datasets" (2019), used by IODINE, Slot Attention and others. These are new images made
 * from that description, not the published ones, which have 17 of the orientations and other random numbers. The size of a
 * cell and the distribution of positions are not described; they are our choice.
 *
 * @throws DatasetError `INVALID_OPTION` for an unknown split or colors, or a size or side out of range
 */
export function tetrominoes(options: TetrominoesOptions): Dataset {
  const { split, seed = 0, side = 35, colors = 'rgb' } = options;
  requireSplit('tetrominoes', split);
  requireColors('tetrominoes', colors);
  if (!SIDES.includes(side)) {
    throw new DatasetError('INVALID_OPTION', `tetrominoes: side must be 35, 28, 21 or 14; got ${String(side)}.`);
  }
  const { size = SIZES[split] } = options;
  requireWhole('tetrominoes', 'size', size, 1);
  const random = createRandom(seed).fork('tetrominoes', split);
  const channels = colors === 'rgb' ? 3 : 1;
  const pixels = side * side;

  return createDataset({
    name: `tetrominoes/${split}`,
    size,
    inputShape: imageShapeOf(side, side, colors),
    read(indices) {
      const inputs = new Float32Array(indices.length * pixels * channels);
      const segments = new Uint8Array(indices.length * pixels);
      for (const [at, index] of indices.entries()) {
        placeTetrominoes(random.fork(index), side).forEach(({ covered, color }, object) => {
          const values = channelsOfColor(color, colors);
          for (const pixel of covered) {
            segments[at * pixels + pixel] = object + 1;
            inputs.set(values, (at * pixels + pixel) * channels);
          }
        });
      }
      return { inputs, segments, background: segments.map((segment) => Number(segment === 0)) };
    },
  });
}

/** The tetrominoes of an image, with the pixels that each covers. */
function placeTetrominoes(
  random: Random,
  side: number,
): { readonly covered: readonly number[]; readonly color: Color }[] {
  const cell = side / CELLS;
  const kinds = random.fork('kind').integers(OBJECTS, { bound: TETROMINOES.length });
  const colors = random.fork('color').integers(OBJECTS, { bound: COLORS.length });
  const places = random.fork('place');
  // Draws all positions again until there is no overlap, so that all such positions are equally likely.
  for (let attempt = 0; ; attempt++) {
    const drawn = places.uniform(2 * OBJECTS, { from: 2 * OBJECTS * attempt });
    const corners = Array.from(kinds, (kind, object) => {
      const { height, width, cells } = TETROMINOES[kind]!;
      const top = Math.floor(drawn[2 * object]! * (side - cell * height + 1));
      const left = Math.floor(drawn[2 * object + 1]! * (side - cell * width + 1));
      return cells.map(([row, column]) => [top + cell * row, left + cell * column] as const);
    });
    if (overlap(corners, cell)) continue;
    return corners.map((cells, object) => ({
      covered: cells.flatMap(([top, left]) =>
        Array.from({ length: cell * cell }, (_, i) => (top + Math.floor(i / cell)) * side + left + (i % cell)),
      ),
      color: COLORS[colors[object]!]!,
    }));
  }
}

/** Whether cells of two objects overlap, given the first row and column of each cell. */
function overlap(objects: readonly (readonly (readonly [top: number, left: number])[])[], cell: number): boolean {
  return objects.some((cells, object) =>
    objects
      .slice(0, object)
      .some((others) =>
        cells.some(([top, left]) =>
          others.some(([row, column]) => Math.abs(top - row) < cell && Math.abs(left - column) < cell),
        ),
      ),
  );
}
