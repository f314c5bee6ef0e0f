import type { CombinatorGate } from '../../operations/ladder/combinator';
import type { ReferenceTensor, References } from '../operation-check';
import { logistic } from './activation';

/** The Ladder's combinator, as its formula is printed. */
export const combinatorReference = (inputs: References, { gate }: { gate: CombinatorGate }): ReferenceTensor[] => {
  const [R, D] = inputs['s']!.shape as [number, number];
  const data = new Float64Array(R * D);
  const [lateral, vertical] = [inputs['s']!.data, inputs['u']!.data];
  const vectors = Array.from({ length: 10 }, (_, n) => inputs[`a${n + 1}`]!.data);
  for (let i = 0; i < R * D; i++) {
    const a = (n: number) => vectors[n - 1]![i % D]!;
    const [s, u] = [lateral[i]!, vertical[i]!];
    const mu = a(1) * logistic(a(2) * u + a(3)) + a(4) * u + a(5);
    const open = a(6) * logistic(a(7) * u + a(8)) + a(9) * u + a(10);
    data[i] = (s - mu) * (gate === 'sigmoid' ? logistic(open) : open) + mu;
  }
  return [{ shape: [R, D], data }];
};

/** Rasmus et al. 2015, Eq. 3 and 4, mean over rows and units. */
export const reconstructionCostReference = (
  { reconstruction, clean, mean, inverseStd }: References,
  { hasStatistics }: { hasStatistics: boolean },
): ReferenceTensor[] => {
  const D = clean!.shape[1]!;
  let sum = 0;
  reconstruction!.data.forEach((value, i) => {
    const normalized = hasStatistics ? (value - mean!.data[i % D]!) * inverseStd!.data[i % D]! : value;
    sum += (normalized - clean!.data[i]!) ** 2;
  });
  return [{ shape: [], data: Float64Array.of(sum / clean!.data.length) }];
};
