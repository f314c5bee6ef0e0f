import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** Mean and biased variance of each column, in two passes. */
export const columnMomentsReference = ({ x }: References): ReferenceTensor[] => {
  const [R, D] = x!.shape as [number, number];
  const column = (d: number) => Array.from({ length: R }, (_, r) => x!.data[r * D + d]!);
  const mean = Float64Array.from({ length: D }, (_, d) => column(d).reduce((a, b) => a + b, 0) / R);
  const variance = mean.map((m, d) => column(d).reduce((a, b) => a + (b - m) ** 2, 0) / R);
  return [mean, variance].map((data) => ({ shape: [D], data }));
};
