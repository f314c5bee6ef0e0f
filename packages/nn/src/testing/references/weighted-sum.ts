import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** The sum, weighed. */
export const weightedSumReference = (
  inputs: References,
  { weights }: { weights: readonly number[] },
): ReferenceTensor[] => [
  {
    shape: [],
    data: Float64Array.of(weights.reduce((sum, weight, i) => sum + weight * inputs[`scalar_${i}`]!.data[0]!, 0)),
  },
];
