/** Indices of examples in the data, by how well they were grouped. */
export interface RankedExamples {
  /** Best first. */
  readonly best: readonly number[];
  /** Around the median, better first. */
  readonly median: readonly number[];
  /** Worst first. */
  readonly worst: readonly number[];
}

/**
 * Picks `count` of the best, median and worst examples each, without duplicates. Ties keep the order of the data.
 * With fewer than 3 `count` examples, each list is shorter.
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
