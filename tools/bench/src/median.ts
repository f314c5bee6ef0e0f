/** The middle of some numbers: of an even count, the mean of the two in the middle. NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle - 1)] as number) + (sorted[Math.floor(middle)] as number)) / 2;
}

/**
 * The median of the ratios a / b, round by round: what disturbs a round, disturbs both. Rounds in which one of them took
 * no part, null, do not count.
 */
export function medianRatio(a: readonly (number | null)[], b: readonly (number | null)[]): number {
  const ratios = a.flatMap((value, round) => {
    const other = b[round] ?? null;
    return value === null || other === null ? [] : [value / other];
  });
  return median(ratios);
}
