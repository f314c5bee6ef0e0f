import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

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
