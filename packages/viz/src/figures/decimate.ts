/** A point in SVG units. A non-finite y is a gap in the curve. */
export type Point = readonly [x: number, y: number];

/**
 * Decimates a curve without visible change to a line one unit wide. Keeps the first, smallest, largest and last point of each
 * column ("M4", Jugel et al. 2014), and gaps. Returns curves with few points unchanged.
 *
 * @param points in drawing order
 */
export function decimate(points: readonly Point[]): readonly Point[] {
  const kept: Point[] = [];
  let start = 0;
  while (start < points.length) {
    const first = points[start] as Point;
    const column = Math.floor(first[0]);
    let end = start;
    let low = start;
    let high = start;
    while (end + 1 < points.length && inColumn(points[end + 1] as Point, column, Number.isFinite(first[1]))) {
      end++;
      if ((points[end] as Point)[1] < (points[low] as Point)[1]) low = end;
      if ((points[end] as Point)[1] > (points[high] as Point)[1]) high = end;
    }
    const indices = [...new Set([start, low, high, end])].sort((a, b) => a - b);
    kept.push(...indices.map((index) => points[index] as Point));
    start = end + 1;
  }
  return kept;
}

function inColumn([x, y]: Point, column: number, finite: boolean): boolean {
  return Math.floor(x) === column && Number.isFinite(y) === finite;
}
