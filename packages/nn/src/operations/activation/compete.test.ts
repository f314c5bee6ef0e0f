import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled, withNegativeNaN } from '../../testing';
import { competeReference as reference } from '../../testing/references/activation';
import { compete, competeGradientOperation, competeOperation } from './compete';

describeBackends('compete', () => {
  it.each([
    [[1, 2], 1],
    [[3, 4], 0],
    [[2, 10], 0.4],
    [[4, 30], 3],
  ])('gives values and gradients (%j, sharpness %p)', async (shape, sharpness) => {
    const x = { shape, data: filled(shape).data.map((value) => 2 * value) };
    await checkOperation(competeOperation, { inputs: { x }, attributes: { sharpness }, reference });
  });

  it('keeps only the strongest pair if it is far ahead, without overflow', async () => {
    const x = tf.tensor2d([3, -4, 100, 200, 0, 1], [1, 6]);
    const y = compete(x, { sharpness: 1 });
    expect(Array.from(await y.data(), (value) => value + 0)).toEqual([0, 0, 100, 200, 0, 0]);
    tf.dispose([x, y]);
  });

  it('spreads NaN over its row, but no further', async () => {
    const x = tf.tensor2d(withNegativeNaN([0, 1, 2, 3, NaN, 5, 6, 7]), [2, 4]);
    const y = compete(x, { sharpness: 1 });
    expect(Array.from(await y.data(), Number.isNaN)).toEqual([false, false, false, false, true, true, true, true]);
    tf.dispose([x, y]);
  });

  it.each([-1, NaN, Infinity])('refuses the sharpness %p', (sharpness) => {
    const x = tf.zeros<tf.Rank.R2>([2, 4]);
    expect(() => compete(x, { sharpness })).toThrow(withCode('INVALID_OPTION'));
    x.dispose();
  });

  it.each<{ shape: number[] }>([{ shape: [2, 3] }, { shape: [4] }, { shape: [2, 0] }])(
    'refuses $shape',
    ({ shape }) => {
      const x = tf.zeros<tf.Rank.R2>(shape as [number, number]);
      expect(() => compete(x, { sharpness: 1 })).toThrow(withCode('INVALID_SHAPE'));
      x.dispose();
    },
  );

  it('refuses a slope of another shape', () => {
    const [x, dy] = [tf.zeros<tf.Rank.R2>([2, 4]), tf.zeros<tf.Rank.R2>([2, 2])];
    expect(() => competeGradientOperation({ dy, x }, { sharpness: 1 })).toThrow(withCode('INVALID_SHAPE'));
    tf.dispose([x, dy]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([5, 4]);
      tf.dispose([x, compete(x, { sharpness: 1 })]);
    }));
});
