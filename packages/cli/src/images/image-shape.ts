/** [height, width] of an input, with or without a channel axis of 1. A vector is one row. */
export function imageShape(inputShape: readonly number[]): [height: number, width: number] {
  const size = inputShape.reduce((product, side) => product * side, 1);
  const sides = inputShape.length === 3 && inputShape[2] === 1 ? inputShape.slice(0, 2) : inputShape;
  return sides.length === 2 ? [sides[0] as number, sides[1] as number] : [1, size];
}
