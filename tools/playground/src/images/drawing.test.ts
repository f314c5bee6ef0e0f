import { shapes } from '@taggerjs/datasets';
import fc from 'fast-check';

import {
  elementsOf,
  ELEMENTS,
  imageOf,
  sampleDrawing,
  shapeAround,
  shapeAt,
  SIDE,
  turn,
  type Drawing,
} from './drawing';

const kind = fc.constantFrom('square' as const, 'upTriangle' as const, 'downTriangle' as const);
const index = fc.integer({ min: 0, max: SIDE - 1 });

describe('shapeAround', () => {
  it('lies within the image for any center', () => {
    fc.assert(
      fc.property(kind, index, index, (kind, row, column) => {
        const shape = shapeAround(kind, row, column);
        expect(shape.row).toBeGreaterThanOrEqual(0);
        expect(shape.column).toBeGreaterThanOrEqual(0);
        // An element beyond the right edge would be one of the next row.
        const columns = elementsOf(shape).map((element) => element % SIDE);
        expect(Math.min(...columns)).toBe(shape.column);
        expect(Math.max(...elementsOf(shape))).toBeLessThan(ELEMENTS);
      }),
    );
  });
});

describe('sampleDrawing', () => {
  it('matches the test split, with its segments', async () => {
    for (const at of [0, 7, 9999]) {
      const { inputs, segments } = await shapes({ split: 'test' }).examples([at]);
      expect(imageOf(sampleDrawing(at))).toEqual({ inputs, segments });
    }
  });
});

describe('imageOf', () => {
  const square = { kind: 'square', row: 0, column: 0 } as const;

  it('has no segments for fewer than two shapes', () => {
    expect(imageOf({ shapes: [square], turned: [] }).segments).toBeUndefined();
    expect(imageOf({ shapes: [], turned: [3] }).segments).toBeUndefined();
  });

  it('does not score pixels of the pen, nor overlaps', () => {
    const two: Drawing = { shapes: [square, { ...square, column: 6 }], turned: [0, 399] };
    const { inputs, segments } = imageOf(two);
    expect([inputs[0], inputs[399], inputs[1], inputs[6]]).toEqual([0, 1, 1, 1]);
    expect([segments![0], segments![399], segments![1], segments![6], segments![7]]).toEqual([255, 255, 0, 255, 1]);
  });
});

describe('turn', () => {
  it('undoes itself and keeps the elements sorted', () => {
    const drawing: Drawing = { shapes: [], turned: [2, 9] };
    expect(turn(drawing, 5).turned).toEqual([2, 5, 9]);
    expect(turn(turn(drawing, 5), 5)).toEqual(drawing);
  });
});

describe('shapeAt', () => {
  const drawing: Drawing = {
    shapes: [
      { kind: 'square', row: 0, column: 0 },
      { kind: 'upTriangle', row: 0, column: 3 },
    ],
    turned: [],
  };
  it('prefers a shape that fills the element to a bounding box on top of it', () => {
    expect(shapeAt(drawing, 0, 5)).toBe(0);
    expect(shapeAt(drawing, 0, 8)).toBe(1);
  });
  it('finds a shape by its hole', () => {
    expect(shapeAt(drawing, 3, 3)).toBeGreaterThanOrEqual(0);
  });
  it('is -1 outside all shapes', () => {
    expect(shapeAt(drawing, 15, 15)).toBe(-1);
  });
});
