/** Places of examples in the data, by how well they were grouped. */
export interface RankedExamples {
  /** Best first. */
  readonly best: readonly number[];
  /** Those around the middle, better first. */
  readonly median: readonly number[];
  /** Worst first. */
  readonly worst: readonly number[];
}

/**
 * Picks `count` examples each of the best, the median and the worst, none twice: fewer where there are fewer than three times
 * as many. Equals go in the order of the data.
 *
 * @param amis the AMI of each example
 */
export function rankExamples(amis: readonly number[], count: number): RankedExamples {
  const order = amis.map((_, index) => index).sort((a, b) => amis[b]! - amis[a]! || a - b);
  const each = Math.min(count, Math.floor(order.length / 3));
  const middle = Math.floor((order.length - each) / 2);
  return {
    best: order.slice(0, each),
    median: order.slice(middle, middle + each),
    worst: order.slice(order.length - each).reverse(),
  };
}
