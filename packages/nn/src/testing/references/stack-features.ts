import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** The features of each row, side by side. */
export const stackFeaturesReference = (
  inputs: References,
  { groups: K, batch: B, size: N }: { groups: number; batch: number; size: number },
): ReferenceTensor[] => {
  const features = Object.keys(inputs).length;
  const data = new Float64Array(K * B * features * N);
  for (let row = 0; row < K * B; row++)
    for (let f = 0; f < features; f++)
      for (let n = 0; n < N; n++) data[(row * features + f) * N + n] = inputs[`feature_${f}`]!.data[row * N + n]!;
  return [{ shape: [K * B, features * N], data }];
};
