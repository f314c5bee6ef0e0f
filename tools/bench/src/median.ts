/** The median: for an even count, the mean of the two middle numbers. NaN for an empty list. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle - 1)] as number) + (sorted[Math.floor(middle)] as number)) / 2;
}

/**
 * The median of the ratios a / b, round by round: other load affects both in a round. Rounds in which one did not take part
 * (null) do not count.
 */
export function medianRatio(a: readonly (number | null)[], b: readonly (number | null)[]): number {
  const ratios = a.flatMap((value, round) => {
    const other = b[round] ?? null;
    return value === null || other === null ? [] : [value / other];
  });
  return median(ratios);
}
