import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled, withNegativeNaN } from '../../testing';
import { softmaxReference as reference } from '../../testing/references/softmax';
import { softmax, softmaxOperation } from './softmax';

const cases = [[1], [5], [1, 1], [3, 1], [1, 3], [4, 5], [2, 3, 5], [4, 1, 3]].flatMap((shape) =>
  shape.map((_, axis) => ({ shape, axis })),
);

describeBackends('softmax', () => {
  it.each(cases)('gives values and gradients (%j)', async ({ shape, axis }) => {
    const x = { shape, data: filled(shape).data.map((value) => 3 * value) };
    await checkOperation(softmaxOperation, { inputs: { x }, attributes: { axis }, reference });
  });

  it.each([0, 1, -1, -2])('does not overflow, and counts negative axes from the end (%i)', async (axis) => {
    const x = tf.tensor2d([1000, -1000, -1000, 1000], [2, 2]);
    const y = softmax(x, { axis });
    expect(Array.from(await y.data())).toEqual([1, 0, 0, 1]);
    tf.dispose([x, y]);
  });

  it.each([0, 1])('spreads NaN over the sum it belongs to, and no further (%i)', async (axis) => {
    const x = tf.tensor2d(withNegativeNaN([0, 1, 2, 3, NaN, 5, 6, 7, 8]), [3, 3]);
    const y = softmax(x, { axis });
    const isNaNAt = Array.from(await y.data(), Number.isNaN);
    expect(isNaNAt).toEqual(Array.from({ length: 9 }, (_, i) => (axis === 0 ? i % 3 === 1 : Math.floor(i / 3) === 1)));
    tf.dispose([x, y]);
  });

  it('refuses an axis that does not exist', () => {
    const x = tf.zeros<tf.Rank.R2>([2, 3]);
    for (const axis of [2, -3, 0.5]) {
      expect(() => softmax(x, { axis })).toThrow(withCode('INVALID_OPTION', 'axis'));
    }
    x.dispose();
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([5, 3]);
      tf.dispose([x, softmax(x), softmax(x, { axis: 0 })]);
    }));
});
