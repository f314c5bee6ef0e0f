import type { ReferenceTensor, References } from '../operation-check';

/** max(x, 0). */
export const reluReference = ({ x }: References): ReferenceTensor[] => [
  { shape: x!.shape, data: x!.data.map((value) => (value > 0 ? value : 0)) },
];

export const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** 1 / (1 + exp(-x)). */
export const sigmoidReference = ({ x }: References): ReferenceTensor[] => [
  { shape: x!.shape, data: x!.data.map(logistic) },
];

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
