import fc from 'fast-check';
import { decimate, type Point } from './decimate';

const curves = fc
  .array(
    fc.tuple(
      fc.double({ min: 0, max: 20, noNaN: true }),
      fc.oneof(fc.double({ min: -9, max: 9, noNaN: true }), fc.constant(NaN)),
    ),
  )
  .map((points): Point[] => points.sort((a, b) => a[0] - b[0]));

/** First, last, smallest and largest y of each column, without gaps. */
function columns(points: readonly Point[]): unknown {
  const byColumn = new Map<number, number[]>();
  for (const [x, y] of points) byColumn.set(Math.floor(x), [...(byColumn.get(Math.floor(x)) ?? []), y]);
  return [...byColumn].map(([column, ys]) => {
    const finite = ys.filter(Number.isFinite);
    return [column, ys[0], ys.at(-1), Math.min(...finite), Math.max(...finite)];
  });
}

describe('decimate', () => {
  it('keeps the first, last, smallest and largest of each column', () => {
    fc.assert(fc.property(curves, (points) => expect(columns(decimate(points))).toEqual(columns(points))));
  });

  it('keeps points in their order and adds none', () => {
    fc.assert(
      fc.property(curves, (points) => {
        const kept = decimate(points);
        expect(points.filter((point) => kept.includes(point))).toEqual(kept);
      }),
    );
  });

  it('keeps at most four points per column without gaps', () => {
    const points = Array.from({ length: 10_000 }, (_, i): Point => [i / 1000, Math.sin(i * 77)]);
    expect(decimate(points)).toHaveLength(40);
  });

  it('keeps gaps', () => {
    const points: Point[] = [
      [0.1, 1],
      [0.2, NaN],
      [0.3, 2],
    ];
    expect(decimate(points)).toEqual(points);
  });
});
