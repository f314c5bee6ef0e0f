import { describeBackends } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { countWaves, waves } from './waves';

describeBackends('waves', () => {
  it.each([
    [[3, 3], 8],
    [[2, 3], 4],
    [[4, 4], 12],
    [[28, 28], 780],
    [[1, 1], 0],
    [[2, 2], 0],
  ] as const)('of %j are %i parts, apart from each other, of mean zero', async (size, count) => {
    const basis = waves(size);
    const N = size[0] * size[1];
    expect(basis.shape).toEqual([count, N]);
    expect(2 * countWaves(size)).toBe(count);
    const products = tf.matMul(basis, basis, false, true);
    const values = (await products.array()) as number[][];
    values.forEach((row, i) => row.forEach((value, j) => expect(value / N).toBeCloseTo(i === j ? 0.5 : 0, 4)));
    for (const row of (await basis.array()) as number[][]) expect(row.reduce((a, b) => a + b, 0) / N).toBeCloseTo(0, 4);
    products.dispose();
    basis.dispose();
  });
});
