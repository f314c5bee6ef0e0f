import { generateShapes, IGNORED_SEGMENT, SHAPE_BITMAPS, SHAPE_KINDS, type ShapeKind } from '@taggerjs/datasets';
import { createRandom } from '@taggerjs/random';

/** Rows and columns of the images of Shapes. */
export const SIDE = 20;
/** Elements of an image, N. */
export const ELEMENTS = SIDE * SIDE;
/** Number of images in the test split of Shapes, from which samples are drawn. */
export const SAMPLES = 10_000;
/** The sample that the page starts with: one shape of each kind, without overlap. */
export const FIRST_SAMPLE = 15;

/** A shape at a position. */
export interface PlacedShape {
  readonly kind: ShapeKind;
  /** Its top row. */
  readonly row: number;
  /** Its left column. */
  readonly column: number;
}

/** A drawing: shapes, and elements that the pen flipped. */
export interface Drawing {
  readonly shapes: readonly PlacedShape[];
  /** Indices of elements, in ascending order. */
  readonly turned: readonly number[];
}

/** An image as the model's input. */
export interface Image {
  /** [N]; in color images, the three channels of a pixel are next to each other. */
  readonly inputs: Float32Array;
  /**
   * The shape that each pixel belongs to, [P]; 255 for none, for overlaps, and for elements that the pen flipped.
   * Undefined if there are fewer than two shapes, because there is nothing to separate.
   */
  readonly segments: Uint8Array | undefined;
}

/** Height and width of a kind of shape. */
export function shapeSize(kind: ShapeKind): { readonly height: number; readonly width: number } {
  const bitmap = SHAPE_BITMAPS[kind];
  return { height: bitmap.length, width: bitmap[0]!.length };
}

/** A shape centered as near to an element as the image allows. */
export function shapeAround(kind: ShapeKind, row: number, column: number): PlacedShape {
  const { height, width } = shapeSize(kind);
  return within({ kind, row: row - Math.floor(height / 2), column: column - Math.floor(width / 2) });
}

/** A shape moved into the image. */
export function within({ kind, row, column }: PlacedShape): PlacedShape {
  const { height, width } = shapeSize(kind);
  const clip = (value: number, size: number) => Math.min(SIDE - size, Math.max(0, value));
  return { kind, row: clip(row, height), column: clip(column, width) };
}

/** The indices of the elements that a shape fills. */
export function elementsOf({ kind, row, column }: PlacedShape): number[] {
  return SHAPE_BITMAPS[kind].flatMap((bits, r) =>
    bits.flatMap((bit, c) => (bit === 1 ? [(row + r) * SIDE + column + c] : [])),
  );
}

/** The topmost shape that fills an element, or else whose bounding box contains it; -1 if there is none. */
export function shapeAt({ shapes }: Drawing, row: number, column: number): number {
  const filled = shapes.findLastIndex((shape) => elementsOf(shape).includes(row * SIDE + column));
  if (filled >= 0) return filled;
  return shapes.findLastIndex((shape) => {
    const { height, width } = shapeSize(shape.kind);
    return row >= shape.row && row < shape.row + height && column >= shape.column && column < shape.column + width;
  });
}

/** A drawing with one element flipped. */
export function turn(drawing: Drawing, element: number): Drawing {
  const { turned } = drawing;
  const others = turned.filter((other) => other !== element);
  const now = others.length < turned.length ? others : [...turned, element].sort((a, b) => a - b);
  return { ...drawing, turned: now };
}

/** The image of a drawing. */
export function imageOf({ shapes, turned }: Drawing): Image {
  const inputs = new Float32Array(ELEMENTS);
  const segments = new Uint8Array(ELEMENTS).fill(IGNORED_SEGMENT);
  for (const [segment, shape] of shapes.entries()) {
    for (const element of elementsOf(shape)) {
      segments[element] = inputs[element] === 0 ? segment : IGNORED_SEGMENT;
      inputs[element] = 1;
    }
  }
  for (const element of turned) {
    inputs[element] = 1 - inputs[element]!;
    segments[element] = IGNORED_SEGMENT;
  }
  return { inputs, segments: shapes.length < 2 ? undefined : segments };
}

/**
 * The image of `shapes({ split: 'test' })` at an index. The test split is never trained on.
 *
 * @param index in [0, 10,000)
 */
export function sampleDrawing(index: number): Drawing {
  const { kinds, rows, columns } = generateShapes(createRandom(0).fork('shapes', 'test'), 1, { from: index });
  const shapes = Array.from(kinds, (kind, i) => ({ kind: SHAPE_KINDS[kind]!, row: rows[i]!, column: columns[i]! }));
  return { shapes, turned: [] };
}
