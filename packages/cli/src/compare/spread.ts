/** Median and range of some numbers. */
export interface Spread {
  /** The middle value, or the mean of the two middle values. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The median and range of at least one number. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [below, above] = [sorted[Math.floor(middle)] as number, sorted[Math.ceil(middle)] as number];
  return { median: (below + above) / 2, low: sorted[0] as number, high: sorted.at(-1) as number };
}
