import type { DataOf, Dtype } from './dtype';

/**
 * A tensor of a weights file: its element type, its shape, and its elements in row-major order. `data.length` is the
 * product of the shape; a scalar has the shape `[]`.
 */
export type NamedTensor<D extends Dtype = Dtype> = {
  [Each in D]: {
    readonly dtype: Each;
    readonly shape: readonly number[];
    readonly data: DataOf[Each];
  };
}[D];

/** The number of elements of a shape, or undefined if the shape is invalid: sizes are integers of at least 0, below 2^53 in all. */
export function elementsOf(shape: readonly unknown[]): number | undefined {
  let elements = 1;
  let empty = false;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || (size as number) < 0) return undefined;
    if (size === 0) empty = true;
    else elements *= size as number;
    // A product beyond 2^53 may be rounded, but never to a number below.
    if (elements > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return empty ? 0 : elements;
}
