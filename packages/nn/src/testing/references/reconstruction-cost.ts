import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** Rasmus et al. 2015, Eq. 3 and 4, mean over rows and units. */
export const reconstructionCostReference = (
  { reconstruction, clean, mean, inverseStd }: References,
  { hasStatistics }: { hasStatistics: boolean },
): ReferenceTensor[] => {
  const D = clean!.shape[1]!;
  let sum = 0;
  reconstruction!.data.forEach((value, i) => {
    const normalized = hasStatistics ? (value - mean!.data[i % D]!) * inverseStd!.data[i % D]! : value;
    sum += (normalized - clean!.data[i]!) ** 2;
  });
  return [{ shape: [], data: Float64Array.of(sum / clean!.data.length) }];
};
