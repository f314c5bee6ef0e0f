import type { ReferenceTensor, References } from '../operation-check';
import { sumOverGroups } from './groups';

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

/** The last line of A.5. */
export const bitflipModelingErrorReference = (
  { corrupted, z, m }: References,
  { probability }: { probability: number },
): ReferenceTensor[] => {
  const mean = Float64Array.from(corrupted!.data, () => 0);
  z!.data.forEach((value, i) => {
    mean[i % mean.length]! += (value * (1 - 2 * probability) + probability) * m!.data[i]!;
  });
  const data = m!.data.map((value, i) => {
    const element = i % mean.length;
    return value / (mean[element]! - 1 + corrupted!.data[element]!);
  });
  return [{ shape: z!.shape, data }];
};

/** The cross-entropy with the mixture, mean over elements. */
export const bitflipCostReference = ({ x, z, m }: References, { epsilon }: { epsilon: number }): ReferenceTensor[] => {
  const q = Float64Array.from(x!.data, () => 0);
  z!.data.forEach((value, i) => {
    q[i % q.length]! += value * m!.data[i]!;
  });
  const cost = q.reduce((sum, value, i) => {
    const clipped = (1 - 2 * epsilon) * value + epsilon;
    return sum - x!.data[i]! * Math.log(clipped) - (1 - x!.data[i]!) * Math.log(1 - clipped);
  }, 0);
  return [{ shape: [], data: Float64Array.of(cost / q.length) }];
};
