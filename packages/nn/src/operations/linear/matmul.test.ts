import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, withCode } from '@taggerjs-tools/testing';

import { checkOperation } from '../../testing';
import { matMulReference as reference } from '../../testing/references/linear';
import { matMul, matMulOperation } from './matmul';

/** An uneven filling, so that no two rows or columns are alike. */
const matrix = (rows: number, columns: number, seed = 0) => ({
  shape: [rows, columns],
  data: Array.from({ length: rows * columns }, (_, i) => Math.sin(3.1 * i + seed)),
});

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
    expect(() => matMul(a, b)).toThrow(withCode('INVALID_SHAPE'));
    tf.dispose([a, b]);
  });
});
