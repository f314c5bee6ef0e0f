import type { ReferenceTensor } from '../check-operation';
import type { References } from './references';

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
