import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { swapAxesReference as reference } from '../../testing/references/layout';
import { swapAxes, swapAxesOperation } from './swap-axes';

describeBackends('swapAxes', () => {
  it.each([
    [1, 1, 1, 1],
    [2, 3, 4, 1],
    [3, 2, 5, 4],
    [2, 5, 2, 7],
  ])('of [%i, %i, %i, %i]', async (outer, a, b, inner) => {
    const inputShape = [outer * a, b * inner];
    const attributes = { view: [outer, a, b, inner] as const, shape: [outer * b, a * inner], inputShape };
    await checkOperation(swapAxesOperation, { inputs: { x: filled(inputShape) }, attributes, reference });
  });

  it('refuses a different number of values', () => {
    const x = tf.zeros<tf.Rank.R2>([6, 2]);
    expect(() => swapAxes(x, [1, 3, 5, 1], [5, 3])).toThrow(withCode('INVALID_SHAPE'));
    expect(() => swapAxes(x, [1, 3, 4, 1], [4, 4])).toThrow(withCode('INVALID_SHAPE'));
    x.dispose();
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([6, 2]);
      tf.dispose([x, swapAxes(x, [1, 3, 4, 1], [4, 3])]);
    }));
});
