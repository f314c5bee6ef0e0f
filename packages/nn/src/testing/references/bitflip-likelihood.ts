import type { ReferenceTensor } from '../check-operation';
import { sumOverGroups } from './groups';
import type { References } from './references';

/** Eq. 12 and 13 as printed. */
export const bitflipLikelihoodReference = (
  { corrupted, z }: References,
  { probability }: { probability: number },
): ReferenceTensor[] => {
  const [x, prediction] = [corrupted!.data, z!.data];
  const likelihood = prediction.map((value, i) => {
    const xi = value * (1 - 2 * probability) + probability;
    const xTilde = x[i % x.length]!;
    return xTilde * xi + (1 - xTilde) * (1 - xi);
  });
  const total = sumOverGroups(likelihood, x.length);
  return [{ shape: z!.shape, data: likelihood.map((value, i) => value / total[i % x.length]!) }];
};
