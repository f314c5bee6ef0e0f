/** Times, or other measurements, by round; null if the variant did not take part. */
export type ByRound = readonly (number | null)[];

/** The median: for an even count, the mean of the two middle numbers. NaN without numbers. */
export function median(values: ByRound): number {
  const sorted = present(values).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle - 1)] as number) + (sorted[Math.floor(middle)] as number)) / 2;
}

/** The median of the ratios a / b, round by round: other load affects both in a round. */
export function medianRatio(a: ByRound, b: ByRound): number {
  const ratios = a.map((value, round) => {
    const other = b[round] ?? null;
    return value === null || other === null ? null : value / other;
  });
  return median(ratios);
}

/** The rounds in which the variant took part. */
export function present<T>(values: readonly (T | null)[]): T[] {
  return values.filter((value) => value !== null);
}

/** A measurement of each reply, rounded to three decimals. */
export function byRound<T>(replies: readonly (T | null)[] = [], read: (reply: T) => number): (number | null)[] {
  return replies.map((reply) => (reply === null ? null : Math.round(1e3 * read(reply)) / 1e3));
}
