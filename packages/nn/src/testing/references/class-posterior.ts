import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** Sums over groups of the real classes, over their sum. */
export const classPosteriorReference = ({ p }: References, { groups }: { groups: number }): ReferenceTensor[] => {
  const [rows, columns] = p!.shape as [number, number];
  const [batch, classes] = [rows / groups, columns - 1];
  const data = new Float64Array(batch * classes);
  for (let b = 0; b < batch; b++) {
    let total = 0;
    for (let k = 0; k < groups; k++) {
      for (let c = 0; c < classes; c++) {
        data[b * classes + c]! += p!.data[(k * batch + b) * columns + c]!;
        total += p!.data[(k * batch + b) * columns + c]!;
      }
    }
    for (let c = 0; c < classes; c++) data[b * classes + c]! /= total;
  }
  return [{ shape: [batch, classes], data }];
};
