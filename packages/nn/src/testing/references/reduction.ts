import type { ReferenceTensor, References } from '../operation-check';

/** The sum of each column. */
export const columnSumReference = ({ x }: References): ReferenceTensor[] => {
  const [R, D] = x!.shape as [number, number];
  const data = new Float64Array(D);
  for (let r = 0; r < R; r++) for (let d = 0; d < D; d++) data[d]! += x!.data[r * D + d]!;
  return [{ shape: [D], data }];
};

/** The sum of squares. */
export const sumOfSquaresReference = ({ x }: References): ReferenceTensor[] => [
  { shape: [], data: Float64Array.of(x!.data.reduce((sum, value) => sum + value * value, 0)) },
];

/** The norm of all tensors as one vector. */
export const globalNormReference = (inputs: References): ReferenceTensor[] => {
  let sum = 0;
  for (const { data } of Object.values(inputs)) for (const value of data) sum += value * value;
  return [{ shape: [], data: Float64Array.of(Math.sqrt(sum)) }];
};
