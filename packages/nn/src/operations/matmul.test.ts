import * as tf from '@tensorflow/tfjs-core';
import { describeBackends } from '@taggerjs-tools/testing';

import { checkOperation, type ReferenceTensor } from '../testing';
import { matMul, matMulOperation } from './matmul';

/** An uneven filling, so that no two rows or columns are alike. */
const matrix = (rows: number, columns: number, seed = 0) => ({
  shape: [rows, columns],
  data: Array.from({ length: rows * columns }, (_, i) => Math.sin(3.1 * i + seed)),
});

const reference = (
  { a, b }: Readonly<Record<string, ReferenceTensor>>,
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

describeBackends('matMul', () => {
  const cases = [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB })));

  it.each(cases)('gives the product and its gradients (%j)', async (attributes) => {
    const [M, K, N] = [5, 7, 3];
    const a = attributes.transposeA ? matrix(K, M) : matrix(M, K);
    const b = attributes.transposeB ? matrix(N, K, 1) : matrix(K, N, 1);
    await checkOperation(matMulOperation, { inputs: { a, b }, attributes, reference });
  });

  it.each(cases)('is right where a side is one (%j)', async (attributes) => {
    for (const [M, K, N] of [
      [1, 7, 3],
      [5, 1, 3],
      [5, 7, 1],
      [1, 1, 1],
    ] as const) {
      const a = attributes.transposeA ? matrix(K, M) : matrix(M, K);
      const b = attributes.transposeB ? matrix(N, K, 1) : matrix(K, N, 1);
      await checkOperation(matMulOperation, { inputs: { a, b }, attributes, reference });
    }
  });

  it('refuses inner sizes that differ, and names them', () => {
    const a = tf.zeros<tf.Rank.R2>([2, 3]);
    const b = tf.zeros<tf.Rank.R2>([4, 2]);
    expect(() => matMul(a, b)).toThrow(/inner sizes of a \[2,3\] and b \[4,2\]/);
    tf.dispose([a, b]);
  });
});
