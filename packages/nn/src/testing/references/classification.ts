import type { ReferenceTensor, References } from '../operation-check';

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
