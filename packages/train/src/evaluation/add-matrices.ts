/** The sum of two matrices of equal size; the second if `first` is undefined. */
export function addMatrices(first: readonly (readonly number[])[] | undefined, second: number[][]): number[][] {
  return first ? second.map((row, i) => row.map((value, j) => value + (first[i]?.[j] ?? 0))) : second;
}
