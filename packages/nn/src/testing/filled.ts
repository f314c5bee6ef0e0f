/**
 * An input for {@link checkOperation}: values in (-1, 1), uneven, so that no two rows or columns are alike and a gradient
 * that mixes up elements shows.
 *
 * @param seed each seed gives different values
 */
export function filled(shape: readonly number[], seed = 0): { shape: readonly number[]; data: number[] } {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, data: Array.from({ length: size }, (_, i) => Math.sin(3.1 * i + 1.3 * seed + 0.4)) };
}
