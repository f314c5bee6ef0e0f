/** A point in SVG units; y is not finite where the curve has a gap. */
export type Point = readonly [x: number, y: number];

/**
 * Thins a curve to what a line drawn one unit wide can show: of the points that fall in one column, the first, the
 * smallest, the largest and the last ("M4", Jugel et al. 2014). Gaps stay. Curves with few points come back as they are.
 *
 * @param points in the order in which they are joined
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
