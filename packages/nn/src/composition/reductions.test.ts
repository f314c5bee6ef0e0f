import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { filled, withNegativeNaN } from '../testing';
import { maxMiddle, meanMiddle, sumAll, sumColumns, sumMiddle } from './reductions';

/** Combines the values along the middle axis. */
function along(
  [outer, n, inner]: readonly [number, number, number],
  data: ArrayLike<number>,
  pick: (v: number[]) => number,
) {
  return Array.from({ length: outer * inner }, (_, at) => {
    const [o, i] = [Math.floor(at / inner), at % inner];
    return pick(Array.from({ length: n }, (__, k) => data[(o * n + k) * inner + i] as number));
  });
}

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

describeBackends('reductions', () => {
  it.each([
    [1, 1, 1],
    [1, 1, 7],
    [1, 9, 1],
    [3, 2, 5],
    [2, 10, 3],
    [1, 400, 13],
  ] as const)('reduce the middle axis of [%i, %i, %i]', async (...shape) => {
    const { data } = filled(shape);
    const x = tf.tensor3d(data, [...shape]);
    for (const [reduce, pick] of [
      [sumMiddle, total],
      [meanMiddle, (values: number[]) => total(values) / values.length],
      [maxMiddle, (values: number[]) => Math.max(...values)],
    ] as const) {
      const result = tf.tidy(() => reduce(x));
      expect(result.shape).toEqual([shape[0], 1, shape[2]]);
      expectAllClose(await result.data(), along(shape, data, pick), { relative: 1e-5, absolute: 1e-5 });
      result.dispose();
    }
    x.dispose();
  });

  it('keep NaN in the sums that contain it', async () => {
    for (let row = 0; row < 12; row++) {
      const values = Array.from({ length: 60 }, (_, i) => (i === row * 5 + 2 ? NaN : i));
      for (const data of [Float32Array.from(values), withNegativeNaN(values)]) {
        const x = tf.tensor2d(data, [12, 5]);
        const [sums, sum] = tf.tidy(() => [sumColumns(x), sumAll(x)] as const);
        expect(Array.from(await sums.data(), Number.isNaN)).toEqual([false, false, true, false, false]);
        expect(Array.from(await sum.data())).toEqual([NaN]);
        tf.dispose([x, sums, sum]);
      }
    }
  });

  it.each([0, 1, 5, 128, 129, 3000, 20000])('sum all of %i values', async (size) => {
    const { data } = filled([size]);
    const x = tf.tensor1d(data, 'float32');
    const sum = tf.tidy(() => sumAll(x));
    expect(sum.shape).toEqual([]);
    expectAllClose(await sum.data(), [total(data)], { relative: 0, absolute: 1e-4 });
    tf.dispose([x, sum]);
  });

  it('are accurate on millions of values', async () => {
    const [rows, columns] = [1200, 2000];
    const x = tf.fill([rows, columns], 100.1) as tf.Tensor2D;
    const [sum, columnSums] = tf.tidy(() => [sumAll(x), sumColumns(x)]);
    const value = Math.fround(100.1);
    expectAllClose(await sum!.data(), [value * rows * columns], { relative: 1e-5, absolute: 0 });
    expectAllClose(
      await columnSums!.data(),
      Array.from({ length: columns }, () => value * rows),
      {
        relative: 1e-5,
        absolute: 0,
      },
    );
    tf.dispose([x, sum!, columnSums!]);
  });

  it('leave no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([5, 700]);
      tf.tidy(() => [sumAll(x), sumColumns(x)]).forEach((t) => t.dispose());
      x.dispose();
    }));
});
