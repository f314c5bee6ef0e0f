import type { GroupedExample } from '@taggerjs/train';

/** An example and its place in the data. */
export interface PlacedExample {
  readonly index: number;
  readonly example: GroupedExample;
}

/** Examples by how well they were grouped: by the AMI of the last iteration. */
export interface RankedExamples {
  /** Best first. */
  readonly best: readonly PlacedExample[];
  /** Those around the middle, better first. */
  readonly median: readonly PlacedExample[];
  /** Worst first. */
  readonly worst: readonly PlacedExample[];
  /** The AMI of every example, in their order. */
  readonly scores: readonly number[];
}

/**
 * Picks `count` examples each of the best, the median and the worst, none twice: fewer where there are fewer than three times
 * as many. Equals go in the order of the data.
 *
 * @returns nothing where examples have no AMI, for want of true segments
 */
export function rankExamples(examples: readonly GroupedExample[], count: number): RankedExamples | undefined {
  const scores = examples.map(({ iterations }) => iterations.at(-1)?.ami);
  if (examples.length === 0 || !scores.every((score) => score !== undefined)) return undefined;
  const order = examples
    .map((example, index) => ({ index, example, score: scores[index]! }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ index, example }) => ({ index, example }));
  const each = Math.min(count, Math.floor(order.length / 3));
  const middle = Math.floor((order.length - each) / 2);
  return {
    best: order.slice(0, each),
    median: order.slice(middle, middle + each),
    worst: order.slice(order.length - each).reverse(),
    scores,
  };
}
