import type { CombinatorGate } from '../../operations/combinator';
import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

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
