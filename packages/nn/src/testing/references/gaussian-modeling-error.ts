import type { ReferenceTensor } from '../check-operation';
import { softmaxOverGroups } from './groups';
import type { References } from './references';

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

/** What the authors' released code computes: the difference, weighed by the assignment. */
export const gaussianResidualErrorReference = (inputs: References): ReferenceTensor[] =>
  each(inputs, (d, i) => d * inputs['m']!.data[i]!);
