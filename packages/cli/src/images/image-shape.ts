import { channelsOf } from '@taggerjs/datasets';

/** How to draw an input; one channel is left out. */
export type ImageShape =
  readonly [height: number, width: number] | readonly [height: number, width: number, channels: number];

/**
 * [height, width] of an input, and its channels if there are several. A vector is one row.
 *
 * @param channels of a pixel. @default the third axis of `inputShape`, if it has three
 */
export function imageShape(inputShape: readonly number[], channels = channelsOf(inputShape)): ImageShape {
  const size = inputShape.reduce((product, side) => product * side, 1);
  const sides = inputShape.length === 3 && inputShape[2] === channels ? inputShape.slice(0, 2) : inputShape;
  const [height, width] = sides.length === 2 ? [sides[0] as number, sides[1] as number] : [1, size / channels];
  return channels === 1 ? [height, width] : [height, width, channels];
}
