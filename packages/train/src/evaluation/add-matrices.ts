/** The sum of two matrices of one size; of the second alone where there is no first. */
export function addMatrices(first: readonly (readonly number[])[] | undefined, second: number[][]): number[][] {
  return first ? second.map((row, i) => row.map((value, j) => value + (first[i]?.[j] ?? 0))) : second;
}
