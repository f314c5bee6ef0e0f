import type { ReferenceTensor, References } from '../operation-check';
import { softmaxOverGroups } from './groups';

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

const normal = (x: number, mean: number, variance: number) =>
  Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);

const each = ({ corrupted, z }: References, f: (d: number, i: number) => number): ReferenceTensor[] => {
  const size = corrupted!.data.length;
  return [{ shape: z!.shape, data: z!.data.map((mean, i) => f(corrupted!.data[i % size]! - mean, i)) }];
};

/** Eq. 24. */
export const gaussianAlgorithmErrorReference = (
  inputs: References,
  { standardDeviation }: { standardDeviation: number },
): ReferenceTensor[] => {
  const s = Math.exp(inputs['logVariance']!.data[0]!) + standardDeviation ** 2;
  return each(inputs, (d, i) => d * inputs['m']!.data[i]! * normal(d, 0, s));
};

/** Eq. 23, its ratio in log space. */
export const gaussianExactErrorReference = (
  inputs: References,
  { standardDeviation }: { standardDeviation: number },
): ReferenceTensor[] => {
  const s = Math.exp(inputs['logVariance']!.data[0]!) + standardDeviation ** 2;
  const joint = each(inputs, (d, i) => inputs['logM']!.data[i]! - d ** 2 / (2 * s))[0]!.data;
  const ratio = softmaxOverGroups(joint, inputs['corrupted']!.data.length);
  return each(inputs, (d, i) => (d / s) * ratio[i]!);
};

/** The authors' released code: the difference, weighted by the assignment. */
export const gaussianResidualErrorReference = (inputs: References): ReferenceTensor[] =>
  each(inputs, (d, i) => d * inputs['m']!.data[i]!);

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
