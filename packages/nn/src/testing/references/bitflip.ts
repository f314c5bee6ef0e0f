import type { ReferenceTensor, References } from '../operation-check';
import { ofPixels, sumOverGroups } from './groups';

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

/** The likelihood of each value of pixels with several channels, and of each pixel: their product. */
const pixelLikelihoods = (x: ReferenceTensor, z: ReferenceTensor, probability: number, channels: number) => {
  const ofValue = z.data.map((value, i) => {
    const xi = value * (1 - 2 * probability) + probability;
    const bit = x.data[i % x.data.length]!;
    return bit * xi + (1 - bit) * (1 - xi);
  });
  const ofPixel = new Float64Array(ofValue.length / channels).fill(1);
  ofValue.forEach((value, i) => (ofPixel[Math.floor(i / channels)]! *= value));
  return { ofValue, ofPixel };
};

type PixelAttributes = { probability: number; channels: number };

/** The product over channels, over its sum over groups. */
export const bitflipPixelLikelihoodReference = (
  { corrupted, z }: References,
  { probability, channels }: PixelAttributes,
): ReferenceTensor[] => {
  const { ofPixel } = pixelLikelihoods(corrupted!, z!, probability, channels);
  const pixels = corrupted!.data.length / channels;
  const total = sumOverGroups(ofPixel, pixels);
  return [{ shape: ofPixels(z!.shape, channels), data: ofPixel.map((value, i) => value / total[i % pixels]!) }];
};

/** d log q(x~) / dz without the factor 1 - 2 beta: the product over the other channels, times 2 x~ - 1. */
export const bitflipPixelErrorReference = (
  { corrupted, z, logM }: References,
  { probability, channels }: PixelAttributes,
): ReferenceTensor[] => {
  const { ofValue, ofPixel } = pixelLikelihoods(corrupted!, z!, probability, channels);
  const pixels = corrupted!.data.length / channels;
  const m = logM!.data.map(Math.exp);
  const q = sumOverGroups(
    ofPixel.map((value, i) => m[i]! * value),
    pixels,
  );
  const data = ofValue.map((value, i) => {
    const pixel = Math.floor(i / channels);
    const sign = 2 * corrupted!.data[i % corrupted!.data.length]! - 1;
    return (m[pixel]! * sign * (ofPixel[pixel]! / value)) / q[pixel % pixels]!;
  });
  return [{ shape: z!.shape, data }];
};

/** -log q(x) of each pixel, mean over values. */
export const bitflipPixelCostReference = (
  { x, z, logM }: References,
  { probability, channels }: PixelAttributes,
): ReferenceTensor[] => {
  const { ofPixel } = pixelLikelihoods(x!, z!, probability, channels);
  const pixels = x!.data.length / channels;
  const q = sumOverGroups(
    ofPixel.map((value, i) => Math.exp(logM!.data[i]!) * value),
    pixels,
  );
  const cost = q.reduce((sum, value) => sum - Math.log(value), 0);
  return [{ shape: [], data: Float64Array.of(cost / x!.data.length) }];
};
