import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { sumOfSquaresReference as reference } from '../../testing/references/reduction';
import { sumOfSquares, sumOfSquaresOperation } from './sum-of-squares';

describeBackends('sumOfSquares', () => {
  it.each([[[]], [[1]], [[7]], [[3, 5]], [[2, 3, 400]]])('gives the sum for shape %j', async (shape) => {
    const inputs = { x: filled(shape) };
    await checkOperation(sumOfSquaresOperation, { inputs, attributes: {}, reference, constants: ['x'] });
  });

  it('is accurate on millions of values, whatever the shape', async () => {
    for (const shape of [[2_400_000], [1200, 2000], [2_400_000, 1]]) {
      const x = tf.fill(shape, 10.1);
      const y = sumOfSquares(x);
      expectAllClose(await y.data(), [2_400_000 * Math.fround(10.1) ** 2], { relative: 1e-5, absolute: 0 });
      tf.dispose([x, y]);
    }
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones([2, 3]);
      tf.dispose([x, sumOfSquares(x)]);
    }));
});
