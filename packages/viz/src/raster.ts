import type { Rgb } from './color';
import type { GroupIteration } from './group-example';
import { intensity, type ValueRange } from './value-range';

/** An image as [N, 3] RGB bytes, row-major. */
export type Raster = Uint8Array;

/**
 * Paints an input: in its own colors if pixels have three channels, otherwise the mean of their channels in gray.
 *
 * @param values [P*C]
 * @param channels C
 */
export function paintInput(values: ArrayLike<number>, range: ValueRange, channels = 1): Raster {
  const brightness = (value: number) => Math.round(255 * intensity(value, range));
  if (channels === 3) return Uint8Array.from(values, brightness);
  const raster = new Uint8Array((values.length / channels) * 3);
  meanOfChannels(values, channels).forEach((value, n) => raster.fill(brightness(value), 3 * n, 3 * n + 3));
  return raster;
}

/** The mean of the channels of each pixel: [P*C] -> [P]. */
export function meanOfChannels(values: ArrayLike<number>, channels: number): number[] {
  return Array.from({ length: values.length / channels }, (_, n) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += values[n * channels + c] as number;
    return sum / channels;
  });
}

/**
 * Paints a group's prediction in its own colors, masked by its assignment: m_k z_k.
 *
 * @param iteration its prediction [K, P*C] and assignment [K, P]
 * @param sizes `size`: P, `channels`: C
 * @param group k
 */
export function paintPrediction(
  { prediction, assignment }: GroupIteration,
  { size, channels }: { readonly size: number; readonly channels: number },
  group: number,
  range: ValueRange,
): Raster {
  const from = group * size * channels;
  const z = Array.from({ length: size * channels }, (_, i) => prediction[from + i] as number);
  return paintInput(z, range, channels).map((value, i) =>
    Math.round(value * (assignment[group * size + Math.floor(i / 3)] as number)),
  );
}

/**
 * Paints the sum of color_k m_k z_k over the given groups: each prediction, masked by its assignment, in its color. Without
 * predictions, the sum of color_k m_k.
 *
 * @param iteration its prediction and assignment, [K, N] each
 * @param size N
 * @param groups indices of the groups to draw
 * @param colors the color of each group
 * @param range the values of z drawn black and in full color
 */
export function paintGroups(
  { prediction, assignment }: Partial<GroupIteration> & Pick<GroupIteration, 'assignment'>,
  size: number,
  groups: readonly number[],
  colors: readonly Rgb[],
  range: ValueRange,
): Raster {
  const sum = new Float64Array(size * 3);
  for (const k of groups) {
    const [red, green, blue] = colors[k] as Rgb;
    for (let n = 0; n < size; n++) {
      const z = prediction === undefined ? 1 : intensity(prediction[k * size + n] as number, range);
      const weight = z * (assignment[k * size + n] as number);
      sum[3 * n] = (sum[3 * n] as number) + weight * red;
      sum[3 * n + 1] = (sum[3 * n + 1] as number) + weight * green;
      sum[3 * n + 2] = (sum[3 * n + 2] as number) + weight * blue;
    }
  }
  return Uint8Array.from(sum, (channel) => Math.min(255, Math.max(0, Math.round(channel))));
}

/**
 * Paints each element in the full color of its winning group: the largest m_k, the first of equals.
 *
 * @param assignment [K, N]
 * @param size N
 * @param colors the color of each group
 */
export function paintWinners(assignment: ArrayLike<number>, size: number, colors: readonly Rgb[]): Raster {
  const raster = new Uint8Array(size * 3);
  const groups = assignment.length / size;
  for (let n = 0; n < size; n++) {
    let winner = 0;
    for (let k = 1; k < groups; k++) {
      if ((assignment[k * size + n] as number) > (assignment[winner * size + n] as number)) winner = k;
    }
    raster.set(colors[winner] as Rgb, 3 * n);
  }
  return raster;
}

/** Color of elements that are not scored. Stands out from every group color and both backgrounds. */
export const UNSCORED: Rgb = [70, 77, 88];

/** Paints segments. `colors`: by segment; all other segments get the color `ignored`. */
export function paintSegments(segments: ArrayLike<number>, colors: ReadonlyMap<number, Rgb>, ignored: Rgb): Raster {
  const raster = new Uint8Array(segments.length * 3);
  for (let n = 0; n < segments.length; n++) {
    raster.set(colors.get(segments[n] as number) ?? ignored, 3 * n);
  }
  return raster;
}
