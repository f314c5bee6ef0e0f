import { createRandom } from '@taggerjs/random';
import { readGolden } from '@taggerjs-tools/testing';

import { IGNORED_SEGMENT } from '../contract/dataset';
import { generateShapes, type ShapeImages } from './generate-shapes';
import { SHAPE_BITMAPS, SHAPE_KINDS, type ShapeKind } from './shape-bitmaps';

const COUNT = 50_000;
const SIDE = 20;
const N = SIDE * SIDE;

const golden = readGolden<Record<ShapeKind, number[][]>>('shapes');

let images: ShapeImages;
beforeAll(() => {
  images = generateShapes(createRandom('statistics'), COUNT);
});

/** Elements that a shape covers, drawn from the golden bitmaps. */
function covered(kind: number, row: number, column: number, columns = SIDE): number[] {
  const bitmap = golden[SHAPE_KINDS[kind]!];
  return bitmap.flatMap((line, i) =>
    line.flatMap((filled, j) => (filled === 1 ? [(row + i) * columns + column + j] : [])),
  );
}

/** The chance of each element to be covered by one shape: the mean over kinds and positions, enumerated. */
function coverage(): Float64Array {
  const chance = new Float64Array(N);
  SHAPE_KINDS.forEach((name, kind) => {
    const bitmap = SHAPE_BITMAPS[name];
    const rows = SIDE - bitmap.length + 1;
    const columns = SIDE - bitmap[0]!.length + 1;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (const element of covered(kind, row, column)) chance[element]! += 1 / (3 * rows * columns);
  });
  return chance;
}

/** How far counts lie from equal ones, in standard deviations of chi-square: within about 4 by chance. */
function unevenness(counts: ArrayLike<number>): number {
  const values = Array.from(counts);
  const expected = values.reduce((sum, count) => sum + count, 0) / values.length;
  const chiSquare = values.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = values.length - 1;
  return (chiSquare - freedom) / Math.sqrt(2 * freedom);
}

/** The largest deviation of counts from their chances, in standard deviations. */
function largestDeviation(counts: ArrayLike<number>, chances: ArrayLike<number>): number {
  return Math.max(
    ...Array.from(chances, (p, i) => Math.abs(counts[i]! - COUNT * p) / Math.sqrt(COUNT * p * (1 - p) + 1e-9)),
  );
}

describe('the bitmaps', () => {
  it('are the golden ones', () => {
    expect(SHAPE_BITMAPS).toEqual(golden);
  });
});

describe('an image', () => {
  it('is the union of its shapes, and its segments are what one shape alone covers', () => {
    for (let image = 0; image < 2000; image++) {
      const covers = new Uint8Array(N);
      const segments = new Uint8Array(N).fill(255);
      for (let segment = 0; segment < 3; segment++) {
        const shape = image * 3 + segment;
        for (const element of covered(images.kinds[shape]!, images.rows[shape]!, images.columns[shape]!)) {
          segments[element] = covers[element] === 0 ? segment : 255;
          covers[element]!++;
        }
      }
      const inputs = covers.map((count) => Math.min(count, 1));
      expect(Buffer.compare(images.inputs.subarray(image * N, (image + 1) * N), inputs)).toBe(0);
      expect(Buffer.compare(images.segments.subarray(image * N, (image + 1) * N), segments)).toBe(0);
    }
  });

  it('has shapes within its bounds, and at every edge', () => {
    SHAPE_KINDS.forEach((name, kind) => {
      const bitmap = SHAPE_BITMAPS[name];
      const of = (values: Uint32Array) => [...values].filter((_, shape) => images.kinds[shape] === kind);
      expect([Math.min(...of(images.rows.slice(0, 30_000))), Math.max(...of(images.rows.slice(0, 30_000)))]).toEqual([
        0,
        SIDE - bitmap.length,
      ]);
      const columns = of(images.columns.slice(0, 30_000));
      expect([Math.min(...columns), Math.max(...columns)]).toEqual([0, SIDE - bitmap[0]!.length]);
    });
  });
});

describe('50,000 images', () => {
  // The source starts its predictions at 0.26 and calls it the mean of the data; its data are made the same way as these.
  it('have 28.44 % of their elements set, as many as enumeration says', () => {
    const chance = coverage().map((p) => 1 - (1 - p) ** 3);
    const expected = chance.reduce((sum, p) => sum + p, 0) / N;
    let set = 0;
    for (const value of images.inputs) set += value;
    expect(expected).toBeCloseTo(0.28441, 5);
    expect(set / images.inputs.length).toBeCloseTo(expected, 3);
  });

  it('have each element set as often as enumeration says', () => {
    const counts = new Float64Array(N);
    for (let i = 0; i < images.inputs.length; i++) counts[i % N]! += images.inputs[i]!;
    expect(
      largestDeviation(
        counts,
        coverage().map((p) => 1 - (1 - p) ** 3),
      ),
    ).toBeLessThan(4.5);
  });

  it.each([0, 1, 2])('have each element in segment %p as often as enumeration says', (segment) => {
    const counts = new Float64Array(N);
    for (let i = 0; i < images.segments.length; i++) if (images.segments[i] === segment) counts[i % N]!++;
    expect(
      largestDeviation(
        counts,
        coverage().map((p) => p * (1 - p) ** 2),
      ),
    ).toBeLessThan(4.5);
  });

  it('have no segments but 0, 1, 2 and 255', () => {
    expect([...new Set(images.segments)].sort((a, b) => a - b)).toEqual([0, 1, 2, IGNORED_SEGMENT]);
  });

  it('have every triple of kinds equally often: kinds are uniform and independent', () => {
    const counts = new Float64Array(27);
    for (let image = 0; image < COUNT; image++)
      counts[images.kinds[image * 3]! * 9 + images.kinds[image * 3 + 1]! * 3 + images.kinds[image * 3 + 2]!]!++;
    expect(Math.abs(unevenness(counts))).toBeLessThan(4);
  });

  it.each(SHAPE_KINDS)('have the %s equally often at every position', (name) => {
    const kind = SHAPE_KINDS.indexOf(name);
    const bitmap = SHAPE_BITMAPS[name];
    const columns = SIDE - bitmap[0]!.length + 1;
    const counts = new Float64Array((SIDE - bitmap.length + 1) * columns);
    images.kinds.forEach((of, shape) => {
      if (of === kind) counts[images.rows[shape]! * columns + images.columns[shape]!]!++;
    });
    expect(Math.abs(unevenness(counts))).toBeLessThan(4);
  });

  it('have positions of two shapes of an image that are independent', () => {
    const counts = new Float64Array(14 * 14);
    for (let image = 0; image < COUNT; image++) counts[images.rows[image * 3]! * 14 + images.rows[image * 3 + 1]!]!++;
    expect(Math.abs(unevenness(counts))).toBeLessThan(4);
  });
});

describe('images by number', () => {
  it('do not depend on the first image', () => {
    const random = createRandom(3);
    const all = generateShapes(random, 40);
    const part = generateShapes(random, 10, { from: 23 });
    expect(part.inputs).toEqual(all.inputs.slice(23 * N, 33 * N));
    expect(part.segments).toEqual(all.segments.slice(23 * N, 33 * N));
    expect(part.kinds).toEqual(all.kinds.slice(69, 99));
  });

  it('differ between seeds', () => {
    expect(generateShapes(createRandom(1), 1).inputs).not.toEqual(generateShapes(createRandom(2), 1).inputs);
  });

  it('can be empty', () => {
    expect(generateShapes(createRandom(1), 0).inputs).toHaveLength(0);
  });
});

describe('other images', () => {
  it('have the requested canvas and number of shapes', () => {
    const { inputs, segments, kinds, rows, columns } = generateShapes(createRandom(1), 200, {
      canvas: [9, 30],
      shapesPerImage: 5,
    });
    expect([inputs.length, segments.length, kinds.length]).toEqual([200 * 270, 200 * 270, 1000]);
    expect(Math.max(...rows)).toBe(2);
    expect(Math.max(...columns)).toBe(23);
    for (let image = 0; image < 200; image++) {
      const union = new Set(
        [0, 1, 2, 3, 4].flatMap((segment) =>
          covered(kinds[image * 5 + segment]!, rows[image * 5 + segment]!, columns[image * 5 + segment]!, 30),
        ),
      );
      const set = [...inputs.slice(image * 270, (image + 1) * 270).entries()].filter(([, value]) => value === 1);
      expect(new Set(set.map(([element]) => element))).toEqual(union);
    }
    expect(new Set(segments)).toEqual(new Set([0, 1, 2, 3, 4, 255]));
  });

  it.each([
    ['canvas', { canvas: [20] }],
    ['canvas[0]', { canvas: [6, 20] }],
    ['canvas[1]', { canvas: [20, 11] }],
    ['shapesPerImage', { shapesPerImage: 0 }],
    ['shapesPerImage', { shapesPerImage: 256 }],
    ['from', { from: -1 }],
  ])('are refused with a bad %s: %p', (option, options) => {
    expect(() => generateShapes(createRandom(1), 1, options as object)).toThrow(
      expect.objectContaining({
        name: 'DatasetError',
        code: 'INVALID_OPTION',
        message: expect.stringContaining(option),
      }),
    );
  });
});
