/** Median, quartiles and range of some numbers. */
export interface Spread {
  /** The middle value, or the mean of the two middle values. */
  readonly median: number;
  /** The values below which a quarter and three quarters of the numbers lie, interpolated between neighbors. */
  readonly quartiles: readonly [lower: number, upper: number];
  readonly low: number;
  readonly high: number;
}

/** The median, quartiles and range of at least one number. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  // Linear interpolation between order statistics, the default of NumPy and R.
  const quantile = (fraction: number) => {
    const at = (sorted.length - 1) * fraction;
    const [below, above] = [sorted[Math.floor(at)] as number, sorted[Math.ceil(at)] as number];
    return below + (above - below) * (at % 1);
  };
  return {
    median: quantile(0.5),
    quartiles: [quantile(0.25), quantile(0.75)],
    low: sorted[0] as number,
    high: sorted.at(-1) as number,
  };
}
