import { VizError } from './viz-error';

/**
 * The values drawn black and white (or in a group's full color). Values in between are interpolated, values outside are clipped.
 */
export type ValueRange = readonly [black: number, white: number];

/**
 * Validates a range.
 *
 * @throws VizError `INVALID_OPTION` unless it consists of two different finite numbers
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
export function intensity(value: number, [black, white]: ValueRange): number {
  return Math.min(1, Math.max(0, (value - black) / (white - black)));
}
