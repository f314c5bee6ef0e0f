import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { columnMomentsReference as reference } from '../../testing/references/normalization';
import { columnMoments, columnMomentsOperation } from './column-moments';

describeBackends('columnMoments', () => {
  it.each([
    [1, 1],
    [1, 5],
    [5, 1],
    [13, 7],
  ])('gives mean and biased variance of each column (%i, %i)', async (rows, columns) => {
    const inputs = { x: filled([rows, columns]) };
    await checkOperation(columnMomentsOperation, { inputs, attributes: {}, reference, constants: ['x'] });
  });

  it('is accurate for a mean much larger than the deviation', async () => {
    const data = Array.from({ length: 400 }, (_, i) => 1000 + (i % 2));
    const x = tf.tensor2d(data, [400, 1]);
    const { mean, variance } = columnMoments(x);
    expectAllClose(await mean.data(), [1000.5]);
    expectAllClose(await variance.data(), [0.25], { relative: 1e-3, absolute: 0 });
    tf.dispose([x, mean, variance]);
  });

  it('leaves no tensor behind except the moments', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([5, 3]);
      const { mean, variance } = columnMoments(x);
      tf.dispose([x, mean, variance]);
    }));
});
