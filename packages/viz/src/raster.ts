import type { Rgb } from './color';
import { IGNORED_SEGMENT, type GroupIteration } from './group-example';
import { VizError } from './viz-error';

/**
 * Which values of the input are drawn black and which white (or in a group's full color); what lies between is drawn
 * in proportion, what lies beyond is clipped.
 */
export type ValueRange = readonly [black: number, white: number];

/** An image: [N, 3] bytes, red, green, blue, row-major. */
export type Raster = Uint8Array;

/**
 * Checks a range.
 *
 * @throws VizError `INVALID_OPTION` unless it is two different finite numbers
 */
export function checkRange(caller: string, range: ValueRange): void {
  const [black, white] = range;
  if (range.length !== 2 || !Number.isFinite(black) || !Number.isFinite(white) || black === white) {
    throw new VizError(
      'INVALID_OPTION',
      `${caller}: range: expected two different finite numbers [black, white], got [${range.join(', ')}].`,
    );
  }
}

/** The position of a value in the range, in [0, 1]. */
function intensity(value: number, [black, white]: ValueRange): number {
  return Math.min(1, Math.max(0, (value - black) / (white - black)));
}

/** An input in grey. `values`: [N]. */
export function paintInput(values: ArrayLike<number>, range: ValueRange): Raster {
  const raster = new Uint8Array(values.length * 3);
  for (let n = 0; n < values.length; n++) {
    raster.fill(Math.round(255 * intensity(values[n] as number, range)), 3 * n, 3 * n + 3);
  }
  return raster;
}

/**
 * The sum over some groups of color_k m_k z_k, which is a group seen through its assignment, or all of them at once.
 *
 * @param iteration predictions and assignments, [K, N]
 * @param size N
 * @param groups indices of the groups to draw
 * @param colors the color of each group
 * @param range what z is drawn black and what in full color
 */
export function paintGroups(
  iteration: GroupIteration,
  size: number,
  groups: readonly number[],
  colors: readonly Rgb[],
  range: ValueRange,
): Raster {
  const sum = new Float64Array(size * 3);
  for (const k of groups) {
    const [red, green, blue] = colors[k] as Rgb;
    for (let n = 0; n < size; n++) {
      const z = intensity(iteration.predictions[k * size + n] as number, range);
      const weight = z * (iteration.assignments[k * size + n] as number);
      sum[3 * n] = (sum[3 * n] as number) + weight * red;
      sum[3 * n + 1] = (sum[3 * n + 1] as number) + weight * green;
      sum[3 * n + 2] = (sum[3 * n + 2] as number) + weight * blue;
    }
  }
  return Uint8Array.from(sum, (channel) => Math.min(255, Math.max(0, Math.round(channel))));
}

/** Elements that belong to no segment; shows beside every color and on both grounds. */
export const UNSCORED: Rgb = [70, 77, 88];

/** Segments, each in its color. `colors`: by segment; the ignored ones take `ignored`. */
export function paintSegments(segments: ArrayLike<number>, colors: ReadonlyMap<number, Rgb>, ignored: Rgb): Raster {
  const raster = new Uint8Array(segments.length * 3);
  for (let n = 0; n < segments.length; n++) {
    raster.set(colors.get(segments[n] as number) ?? ignored, 3 * n);
  }
  return raster;
}

/**
 * Which group each true segment is drawn in the color of: one to one, the pairs that share most elements first, so that
 * a segment and the group that found it look alike. Segments left over take indices from K on.
 *
 * @param segments [N] true segments
 * @param assignments [K, N] assignments of the last iteration, or none
 */
export function matchSegments(
  segments: ArrayLike<number>,
  assignments: ArrayLike<number> | undefined,
): Map<number, number> {
  const size = segments.length;
  const groups = assignments === undefined ? 0 : assignments.length / size;
  const shared = new Map<number, Float64Array>();
  for (let n = 0; n < size; n++) {
    const segment = segments[n] as number;
    if (segment === IGNORED_SEGMENT) continue;
    let counts = shared.get(segment);
    if (counts === undefined) shared.set(segment, (counts = new Float64Array(groups)));
    for (let k = 0; k < groups; k++) counts[k] = (counts[k] as number) + (assignments?.[k * size + n] as number);
  }
  const pairs = [...shared].flatMap(([segment, counts]) =>
    [...counts].map((count, group) => ({ segment, group, count })),
  );
  pairs.sort((a, b) => b.count - a.count || a.segment - b.segment || a.group - b.group);
  const match = new Map<number, number>();
  const taken = new Set<number>();
  for (const { segment, group } of pairs) {
    if (match.has(segment) || taken.has(group)) continue;
    match.set(segment, group);
    taken.add(group);
  }
  let next = groups;
  for (const segment of [...shared.keys()].sort((a, b) => a - b)) {
    if (!match.has(segment)) match.set(segment, next++);
  }
  return match;
}
