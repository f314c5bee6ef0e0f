import { palette } from '@taggerjs/viz';

/** An image for a canvas: [N, 4] bytes, red, green, blue, and alpha 255. */
export type Raster = Uint8ClampedArray<ArrayBuffer>;

/** Red, green and blue, 0 to 255. */
type Rgb = readonly [number, number, number];

/** The color of a group, as in all figures of the project. There are eight colors. */
export function colorOf(group: number): string {
  return palette[group % palette.length]!;
}

const PARTS: readonly Rgb[] = palette.map(
  (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)) as unknown as Rgb,
);
/** Colors of positive and negative values. */
const MORE: Rgb = [255, 158, 74];
const LESS: Rgb = [84, 160, 255];

function raster(size: number, colorAt: (element: number) => Rgb): Raster {
  const bytes = new Uint8ClampedArray(4 * size);
  for (let n = 0; n < size; n++) {
    bytes.set(colorAt(n), 4 * n);
    bytes[4 * n + 3] = 255;
  }
  return bytes;
}

const scale = ([red, green, blue]: Rgb, by: number): Rgb => [red * by, green * by, blue * by];

/** Numbers, [N], in gray: 0 is black, 1 is white. */
export function paintGrey(values: ArrayLike<number>): Raster {
  return raster(values.length, (n) => scale([255, 255, 255], values[n]!));
}

/** An image of P pixels: in its colors if there are three values for each, otherwise in gray. */
export function paintImage(values: ArrayLike<number>, pixels: number): Raster {
  if (values.length !== 3 * pixels) return paintGrey(values);
  return raster(pixels, (n) => scale([values[3 * n]!, values[3 * n + 1]!, values[3 * n + 2]!], 255));
}

/** Predictions of groups and their assignments: [K, N] and [K, P]. */
interface Groups {
  readonly prediction: ArrayLike<number>;
  readonly assignment: ArrayLike<number>;
}

/** What groups predict together, the sum of m_k z_k over some of them, as an image. */
export function paintMixture({ prediction, assignment }: Groups, groups: readonly number[], pixels: number): Raster {
  const channels = prediction.length / assignment.length;
  const mixture = new Float32Array(pixels * channels);
  for (const k of groups) {
    for (let i = 0; i < mixture.length; i++)
      mixture[i]! += assignment[k * pixels + Math.floor(i / channels)]! * prediction[k * pixels * channels + i]!;
  }
  return paintImage(mixture, pixels);
}

/** The assignment of a group, [P], as brightness of its color. */
export function paintAssignment(assignment: ArrayLike<number>, group: number): Raster {
  return raster(assignment.length, (n) => scale(PARTS[group]!, assignment[n]!));
}

/**
 * Signed numbers of P pixels, in color images the means of their channels: orange above 0, blue below, black at 0. `most` is the
 * absolute value with full brightness.
 */
export function paintSigned(values: ArrayLike<number>, most: number, pixels: number): Raster {
  const channels = values.length / pixels;
  return raster(pixels, (n) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += values[n * channels + c]!;
    const value = most > 0 ? sum / channels / most : 0;
    return scale(value > 0 ? MORE : LESS, Math.sqrt(Math.min(1, Math.abs(value))));
  });
}

/**
 * The sum of color_k m_k z_k over some groups: one group, or an overlay of several. In color images, it is the sum of color_k m_k,
 * because predictions have colors of their own. `pixels` is P.
 */
export function paintGroups({ prediction, assignment }: Groups, groups: readonly number[], pixels: number): Raster {
  const inOneColor = prediction.length === assignment.length;
  return raster(pixels, (n) => {
    const sum: [number, number, number] = [0, 0, 0];
    for (const k of groups) {
      // A prediction of gray values can exceed [0, 1].
      const z = inOneColor ? Math.min(1, Math.max(0, prediction[k * pixels + n]!)) : 1;
      const weight = z * assignment[k * pixels + n]!;
      for (const part of [0, 1, 2] as const) sum[part] += weight * PARTS[k]![part];
    }
    return sum;
  });
}

/** How to draw all groups at once: as {@link paintGroups}, or the color of each pixel's winning group. */
export type GroupView = 'blend' | 'winner';

/** All groups of a state in a view. */
export function paintState(state: Groups, groups: number, view: GroupView): Raster {
  const size = state.assignment.length / groups;
  const all = Array.from({ length: groups }, (_, k) => k);
  return view === 'blend'
    ? paintGroups(state, all, size)
    : raster(size, (n) => PARTS[winnerOf(state.assignment, n, size)]!);
}

/** The group with the largest assignment of an element; the first of equals. */
function winnerOf(assignment: ArrayLike<number>, element: number, size: number): number {
  let winner = 0;
  for (let k = 1; k * size < assignment.length; k++) {
    if (assignment[k * size + element]! > assignment[winner * size + element]!) winner = k;
  }
  return winner;
}

/** The values of one group out of `groups`: [K, any] -> [any]. */
export function ofGroup(values: Float32Array, group: number, groups: number): Float32Array {
  const size = values.length / groups;
  return values.subarray(group * size, (group + 1) * size);
}
