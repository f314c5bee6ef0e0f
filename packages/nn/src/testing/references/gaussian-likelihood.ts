import type { ReferenceTensor } from '../check-operation';
import { softmaxOverGroups } from './groups';
import type { References } from './references';

/** Densities over their sum, in log space. */
export const gaussianLikelihoodReference = (
  { corrupted, z, logVariance }: References,
  { standardDeviation }: { standardDeviation: number },
): ReferenceTensor[] => {
  const s = Math.exp(logVariance!.data[0]!) + standardDeviation ** 2;
  const size = corrupted!.data.length;
  const exponents = z!.data.map((mean, i) => -((corrupted!.data[i % size]! - mean) ** 2) / (2 * s));
  return [{ shape: z!.shape, data: softmaxOverGroups(exponents, size) }];
};
