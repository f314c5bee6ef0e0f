import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { columnSumReference as reference } from '../../testing/references/reduction';
import { columnSum, columnSumOperation } from './column-sum';

describeBackends('columnSum', () => {
  it.each([
    [1, 1],
    [1, 5],
    [5, 1],
    [13, 7],
  ])('gives the sums and their gradient (%i, %i)', async (rows, columns) => {
    const inputs = { x: filled([rows, columns]) };
    await checkOperation(columnSumOperation, { inputs, attributes: { rows }, reference });
  });

  it('is zero for no rows', async () => {
    const sums = columnSum(tf.zeros<tf.Rank.R2>([0, 3]));
    expect(Array.from(await sums.data())).toEqual([0, 0, 0]);
    sums.dispose();
  });

  it('refuses tensors that are not matrices', () => {
    const x = tf.zeros([3]) as tf.Tensor;
    expect(() => columnSum(x as tf.Tensor2D)).toThrow(withCode('INVALID_SHAPE', 'x'));
    x.dispose();
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([5, 3]);
      tf.dispose([x, columnSum(x)]);
    }));
});
