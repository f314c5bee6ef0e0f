import { named, type Tensors64 } from './tensor64';

/**
 * The gradient of a number with respect to one tensor, by central differences in float64.
 *
 * @param elements the elements of the tensor
 */
export function centralDifferences(
  at: Tensors64,
  name: string,
  elements: readonly number[],
  f: (tensors: Tensors64) => number,
): Float64Array {
  const { shape, data } = named(at, name);
  const moved = data.slice();
  const tensors = { ...at, [name]: { shape, data: moved } };
  return Float64Array.from(elements, (i) => {
    const value = data[i] as number;
    const step = 1e-5 * Math.max(1, Math.abs(value));
    moved[i] = value + step;
    const above = f(tensors);
    moved[i] = value - step;
    const below = f(tensors);
    moved[i] = value;
    return (above - below) / (2 * step);
  });
}

/** At most `count` of the indices below `size`, evenly spread. */
export function spreadIndices(size: number, count: number): number[] {
  const length = Math.min(size, count);
  return Array.from({ length }, (_, i) => Math.floor(((i + 0.5) * size) / length));
}
