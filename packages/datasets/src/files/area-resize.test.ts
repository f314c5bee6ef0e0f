import * as fc from 'fast-check';

import { areaResize, type Crop } from './area-resize';

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 12 }),
  columns: fc.integer({ min: 1, max: 12 }),
  outRows: fc.integer({ min: 1, max: 12 }),
  outColumns: fc.integer({ min: 1, max: 12 }),
});

describe('areaResize', () => {
  it('keeps the mean of each channel, whatever the sizes', () => {
    fc.assert(
      fc.property(sizes, ({ rows, columns, outRows, outColumns }) => {
        const source = Float32Array.from({ length: rows * columns * 2 }, (_, i) => (i * 37) % 11);
        const target = new Float32Array(outRows * outColumns * 2);
        areaResize(columns, [0, 0, rows, columns], [outRows, outColumns]).image(source, 0, 2, target);
        for (const channel of [0, 1]) {
          const mean = (values: Float32Array) =>
            values.filter((_, i) => i % 2 === channel).reduce((sum, value) => sum + value, 0) / (values.length / 2);
          expect(mean(target)).toBeCloseTo(mean(source), 4);
        }
      }),
      { seed: 1 },
    );
  });

  it('to the same size copies the part', () => {
    const source = Uint8Array.from({ length: 24 }, (_, i) => i);
    const crop: Crop = [1, 2, 3, 2];
    const resize = areaResize(6, crop, [3, 2]);
    const [image, segments] = [new Uint8Array(6), new Uint8Array(6)];
    resize.image(source, 0, 1, image);
    resize.segments(source, segments);
    expect([...image]).toEqual([8, 9, 14, 15, 20, 21]);
    expect([...segments]).toEqual([8, 9, 14, 15, 20, 21]);
  });

  it('weighs pixels by the area they cover: three to two', () => {
    const target = new Float32Array(2);
    areaResize(3, [0, 0, 1, 3], [1, 2]).image([0, 3, 6], 0, 1, target);
    // 1 and half of 3; half of 3 and 6.
    expect([...target]).toEqual([1, 5]);
    const segments = new Uint8Array(2);
    areaResize(3, [0, 0, 1, 3], [1, 2]).segments(Uint8Array.of(4, 4, 7), segments);
    expect([...segments]).toEqual([4, 7]);
  });

  it('takes the segment that covers most, of equal ones the smallest', () => {
    const target = new Uint8Array(2);
    areaResize(4, [0, 0, 2, 4], [1, 2]).segments(Uint8Array.of(3, 3, 9, 2, 1, 3, 2, 9), target);
    expect([...target]).toEqual([3, 2]);
  });

  it('rounds bytes', () => {
    const target = new Uint8Array(1);
    areaResize(2, [0, 0, 1, 2], [1, 1]).image(Uint8Array.of(254, 255), 0, 1, target);
    expect(target[0]).toBe(255);
  });
});
