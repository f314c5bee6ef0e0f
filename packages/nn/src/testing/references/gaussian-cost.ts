import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** The negative log likelihood of a mixture, mean over elements: a log-sum-exp over groups. */
export const gaussianCostReference = ({ x, z, logM, logVariance }: References): ReferenceTensor[] => {
  const size = x!.data.length;
  const groups = z!.data.length / size;
  const v = Math.exp(logVariance!.data[0]!);
  const joint = z!.data.map((mean, i) => {
    const logNormal = -((x!.data[i % size]! - mean) ** 2) / (2 * v) - Math.log(2 * Math.PI * v) / 2;
    return logM!.data[i]! + logNormal;
  });
  let cost = 0;
  for (let i = 0; i < size; i++) {
    const others = Array.from({ length: groups }, (_, k) => joint[k * size + i]!);
    const largest = Math.max(...others);
    cost -= largest + Math.log(others.reduce((sum, other) => sum + Math.exp(other - largest), 0));
  }
  return [{ shape: [], data: Float64Array.of(cost / size) }];
};
