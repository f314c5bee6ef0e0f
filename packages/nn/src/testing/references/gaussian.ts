import type { ReferenceTensor, References } from '../operation-check';
import { ofPixels, softmaxOverGroups, sumOverChannels } from './groups';

type Attributes = { standardDeviation: number; channels?: number };

/** log Normal(d; 0, s) of each value. */
const logNormal = (d: number, s: number) => -(d ** 2) / (2 * s) - Math.log(2 * Math.PI * s) / 2;

const varianceOf = ({ logVariance }: References, standardDeviation: number) =>
  Math.exp(logVariance!.data[0]!) + standardDeviation ** 2;

/** log z~ of each pixel: the sum over its channels. */
const logDensities = (x: ReferenceTensor, z: ReferenceTensor, s: number, channels: number) =>
  sumOverChannels(
    z.data.map((mean, i) => logNormal(x.data[i % x.data.length]! - mean, s)),
    channels,
  );

/** Densities over their sum, in log space. */
export const gaussianLikelihoodReference = (
  inputs: References,
  { standardDeviation, channels = 1 }: Attributes,
): ReferenceTensor[] => {
  const { corrupted, z } = inputs;
  const logs = logDensities(corrupted!, z!, varianceOf(inputs, standardDeviation), channels);
  return [{ shape: ofPixels(z!.shape, channels), data: softmaxOverGroups(logs, corrupted!.data.length / channels) }];
};

const each = ({ corrupted, z }: References, f: (d: number, i: number) => number): ReferenceTensor[] => {
  const size = corrupted!.data.length;
  return [{ shape: z!.shape, data: z!.data.map((mean, i) => f(corrupted!.data[i % size]! - mean, i)) }];
};

/** Eq. 24. */
export const gaussianAlgorithmErrorReference = (
  inputs: References,
  { standardDeviation, channels = 1 }: Attributes,
): ReferenceTensor[] => {
  const logs = logDensities(inputs['corrupted']!, inputs['z']!, varianceOf(inputs, standardDeviation), channels);
  return each(inputs, (d, i) => {
    const pixel = Math.floor(i / channels);
    return d * inputs['m']!.data[pixel]! * Math.exp(logs[pixel]!);
  });
};

/** Eq. 23, its ratio in log space. */
export const gaussianExactErrorReference = (
  inputs: References,
  { standardDeviation, channels = 1 }: Attributes,
): ReferenceTensor[] => {
  const s = varianceOf(inputs, standardDeviation);
  const logs = logDensities(inputs['corrupted']!, inputs['z']!, s, channels);
  const joint = logs.map((log, pixel) => inputs['logM']!.data[pixel]! + log);
  const ratio = softmaxOverGroups(joint, inputs['corrupted']!.data.length / channels);
  return each(inputs, (d, i) => (d / s) * ratio[Math.floor(i / channels)]!);
};

/** The authors' released code: the difference, weighted by the assignment. */
export const gaussianResidualErrorReference = (
  inputs: References,
  { channels = 1 }: { channels?: number } = {},
): ReferenceTensor[] => each(inputs, (d, i) => d * inputs['m']!.data[Math.floor(i / channels)]!);

/** The negative log likelihood of a mixture, mean over elements: a log-sum-exp over groups. */
export const gaussianCostReference = (
  { x, z, logM, logVariance }: References,
  { channels = 1 }: { channels?: number } = {},
): ReferenceTensor[] => {
  const logs = logDensities(x!, z!, Math.exp(logVariance!.data[0]!), channels);
  const pixels = x!.data.length / channels;
  const groups = logs.length / pixels;
  let cost = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const joint = Array.from({ length: groups }, (_, k) => logM!.data[k * pixels + pixel]! + logs[k * pixels + pixel]!);
    const largest = Math.max(...joint);
    cost -= largest + Math.log(joint.reduce((sum, other) => sum + Math.exp(other - largest), 0));
  }
  return [{ shape: [], data: Float64Array.of(cost / x!.data.length) }];
};
