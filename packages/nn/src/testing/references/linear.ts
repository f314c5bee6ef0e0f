import type { Activation } from '../../operations/activation/relu';
import type { ReferenceTensor, References } from '../operation-check';

/** The product, by three loops. */
export const matMulReference = (
  { a, b }: References,
  { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean },
): ReferenceTensor[] => {
  const [A, B] = [a as ReferenceTensor, b as ReferenceTensor];
  const [M, K] = (transposeA ? [...A.shape].reverse() : A.shape) as [number, number];
  const N = B.shape[transposeB ? 0 : 1] as number;
  const data = new Float64Array(M * N);
  for (let i = 0; i < M; i++)
    for (let j = 0; j < N; j++)
      for (let k = 0; k < K; k++)
        data[i * N + j]! += A.data[transposeA ? k * M + i : i * K + k]! * B.data[transposeB ? j * K + k : k * N + j]!;
  return [{ shape: [M, N], data }];
};

/** The product: the constants are in x too. */
export const featureProductReference = ({ x, weights }: References): ReferenceTensor[] =>
  matMulReference({ a: x!, b: weights! }, { transposeA: false, transposeB: false });

/** The sum, and optionally the rectifier. */
export const addBiasReference = (
  { x, bias }: References,
  { activation }: { activation: Activation },
): ReferenceTensor[] => {
  const D = bias!.data.length;
  const sums = x!.data.map((value, i) => value + bias!.data[i % D]!);
  return [{ shape: x!.shape, data: activation === 'relu' ? sums.map((value) => (value > 0 ? value : 0)) : sums }];
};

/** gain (x + bias). */
export const biasScaleReference = ({ x, bias, gain }: References): ReferenceTensor[] => {
  const D = bias!.data.length;
  return [{ shape: x!.shape, data: x!.data.map((value, i) => gain!.data[i % D]! * (value + bias!.data[i % D]!)) }];
};

/** The sum, element by element. */
export const addReference = ({ a, b }: References): ReferenceTensor[] => [
  { shape: a!.shape, data: a!.data.map((value, i) => value + b!.data[i]!) },
];

/** The weighted sum. */
export const weightedSumReference = (
  inputs: References,
  { weights }: { weights: readonly number[] },
): ReferenceTensor[] => [
  {
    shape: [],
    data: Float64Array.of(weights.reduce((sum, weight, i) => sum + weight * inputs[`scalar_${i}`]!.data[0]!, 0)),
  },
];
