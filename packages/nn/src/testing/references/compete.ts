import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

/** Each pair times the softmax of its energy. */
export const competeReference = ({ x }: References, { sharpness }: { sharpness: number }): ReferenceTensor[] => {
  const [rows, columns] = x!.shape as [number, number];
  const data = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const at = (j: number, part: number) => x!.data[row * columns + 2 * j + part]!;
    const energies = Array.from({ length: columns / 2 }, (_, j) => (sharpness * (at(j, 0) ** 2 + at(j, 1) ** 2)) / 2);
    const largest = Math.max(...energies);
    const weights = energies.map((energy) => Math.exp(energy - largest));
    const sum = weights.reduce((a, b) => a + b, 0);
    weights.forEach((weight, j) => {
      for (const part of [0, 1]) data[row * columns + 2 * j + part] = (weight / sum) * at(j, part);
    });
  }
  return [{ shape: x!.shape, data }];
};
