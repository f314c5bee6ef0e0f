import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

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
