import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** The cross-entropy with the targets per object, mean over examples that have objects. */
export const classificationCostReference = ({ posterior, targets }: References): ReferenceTensor[] => {
  const [B, C] = posterior!.shape as [number, number];
  let cost = 0;
  for (let b = 0; b < B; b++) {
    const row = Array.from({ length: C }, (_, c) => b * C + c);
    const objects = row.reduce((sum, i) => sum + targets!.data[i]!, 0);
    for (const i of row) cost -= (targets!.data[i]! / objects) * Math.log(posterior!.data[i]!);
  }
  return [{ shape: [], data: Float64Array.of(cost / B) }];
};
