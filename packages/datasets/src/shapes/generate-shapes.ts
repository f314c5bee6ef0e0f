import type { Random } from '@taggerjs/random';

import { IGNORED_SEGMENT } from '../contract/dataset';
import { DatasetError } from '../errors';
import { requireWhole } from '../options';
import { SHAPE_BITMAPS, SHAPE_KINDS, type ShapeKind } from './shape-bitmaps';

/** Height and width of the largest shape. */
const LARGEST = [7, 12] as const;

/** Size and number of shapes of an image. */
export interface ShapesImageOptions {
  /** Rows and columns of an image; the largest shape, 7 x 12, must fit. @default [20, 20] */
  readonly canvas?: readonly [rows: number, columns: number];
  /** Shapes in each image, 1 to 255. @default 3 */
  readonly shapesPerImage?: number;
}

/** Options of {@link generateShapes}. */
export interface GenerateShapesOptions extends ShapesImageOptions {
  /** Number of the first image. @default 0 */
  readonly from?: number;
}

/** Images of shapes. N = rows * columns of the canvas, S = shapes in each image. */
export interface ShapeImages {
  /** [count, N] the union of the shapes: 1 inside a shape, 0 outside. */
  readonly inputs: Uint8Array;
  /** [count, N] the number of the shape in drawing order, 0 .. S - 1; 255 outside shapes and where they overlap. */
  readonly segments: Uint8Array;
  /** [count, S] the kind of each shape, as an index into {@link SHAPE_KINDS}, in drawing order. */
  readonly kinds: Uint8Array;
  /** [count, S] the top row of each shape. */
  readonly rows: Uint32Array;
  /** [count, S] the left column of each shape. */
  readonly columns: Uint32Array;
}

/**
 * Generates Shapes images: each is the union of S shapes, drawn with replacement from a square, a triangle and an
 * upside-down triangle, at uniform positions inside the image.
 *
 * With the default options, 28.44 % of the elements are 1 (enumerated over all positions) and 23.3 % belong to exactly one
 * shape.
 *
 * Image i depends only on `random`, the options and i: `generateShapes(random, 10, { from: 5 })` returns the images
 * 5 .. 14 of `generateShapes(random, 15)`.
 *
 * Source: Reichert and Serre 2014; as in Greff et al. 2016.
 *
 * @param random the stream of random numbers for all images
 * @param count number of images
 * @throws DatasetError `INVALID_OPTION` for a count, canvas or number of shapes out of range
 */
export function generateShapes(random: Random, count: number, options: GenerateShapesOptions = {}): ShapeImages {
  requireWhole('generateShapes', 'count', count, 0);
  requireWhole('generateShapes', 'from', options.from ?? 0, 0);
  const placements = placeShapes(random, count, requireImageOptions('generateShapes', options), options.from);
  const { kinds, rows, columns } = placements;
  const inputs = new Uint8Array(count * placements.canvas[0] * placements.canvas[1]);
  const segments = new Uint8Array(inputs.length);
  for (let image = 0; image < count; image++) drawImage(placements, image, inputs, segments, image);
  return { inputs, segments, kinds, rows, columns };
}

/** Validates the options of an image and fills in defaults. */
export function requireImageOptions(operation: string, options: ShapesImageOptions): Required<ShapesImageOptions> {
  const { canvas = [20, 20], shapesPerImage = 3 } = options;
  if (!Array.isArray(canvas) || canvas.length !== 2)
    throw new DatasetError(
      'INVALID_OPTION',
      `${operation}: canvas must be the rows and columns of an image, such as [20, 20]; got ${JSON.stringify(canvas)}.`,
    );
  requireWhole(operation, 'canvas[0], the rows of an image,', canvas[0], LARGEST[0]);
  requireWhole(operation, 'canvas[1], the columns of an image,', canvas[1], LARGEST[1]);
  requireWhole(operation, 'shapesPerImage', shapesPerImage, 1, IGNORED_SEGMENT);
  return { canvas: [canvas[0], canvas[1]], shapesPerImage };
}

/** Kinds and positions of the shapes of images: a few bytes per image, from which {@link drawImage} draws it. */
export interface ShapePlacements extends Required<ShapesImageOptions> {
  /** [count, S] as in {@link ShapeImages}. */
  readonly kinds: Uint8Array;
  /** [count, S] */
  readonly rows: Uint32Array;
  /** [count, S] */
  readonly columns: Uint32Array;
}

/** Draws the kinds and positions of the shapes of `count` images, from image `from` on. */
export function placeShapes(
  random: Random,
  count: number,
  { canvas, shapesPerImage }: Required<ShapesImageOptions>,
  from = 0,
): ShapePlacements {
  const total = count * shapesPerImage;
  const first = from * shapesPerImage;
  const kinds = Uint8Array.from(random.fork('kind').integers(total, { bound: SHAPE_KINDS.length, from: first }));
  // Draws a position for every kind and uses that of the actual kind, so shape j of image i always has the random numbers
  // i * S + j of each stream, independent of the shapes before it.
  const positions = SHAPE_KINDS.map((kind) => {
    const [height, width] = bitmapSize(kind);
    const across = canvas[1] - width + 1;
    const bound = (canvas[0] - height + 1) * across;
    return { across, drawn: random.fork('position', kind).integers(total, { bound, from: first }) };
  });
  const rows = new Uint32Array(total);
  const columns = new Uint32Array(total);
  for (let shape = 0; shape < total; shape++) {
    const { across, drawn } = positions[kinds[shape]!]!;
    rows[shape] = Math.floor(drawn[shape]! / across);
    columns[shape] = drawn[shape]! % across;
  }
  return { canvas, shapesPerImage, kinds, rows, columns };
}

/** Draws an image as example `at` of `inputs` [B, N], which must be zero there, and of `segments` [B, N]. */
export function drawImage(
  placements: ShapePlacements,
  image: number,
  inputs: Uint8Array | Float32Array,
  segments: Uint8Array,
  at: number,
): void {
  const { canvas, shapesPerImage, kinds, rows, columns } = placements;
  const size = canvas[0] * canvas[1];
  segments.fill(IGNORED_SEGMENT, at * size, (at + 1) * size);
  for (let segment = 0; segment < shapesPerImage; segment++) {
    const shape = image * shapesPerImage + segment;
    const origin = at * size + rows[shape]! * canvas[1] + columns[shape]!;
    SHAPE_BITMAPS[SHAPE_KINDS[kinds[shape]!]!].forEach((bitmapRow, row) => {
      bitmapRow.forEach((filled, column) => {
        if (filled === 0) return;
        const element = origin + row * canvas[1] + column;
        segments[element] = inputs[element] === 0 ? segment : IGNORED_SEGMENT;
        inputs[element] = 1;
      });
    });
  }
}

function bitmapSize(kind: ShapeKind): readonly [height: number, width: number] {
  const bitmap = SHAPE_BITMAPS[kind];
  return [bitmap.length, bitmap[0]!.length];
}
