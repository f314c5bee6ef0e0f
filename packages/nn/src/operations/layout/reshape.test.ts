import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { reshapeReference as reference } from '../../testing/references/layout';
import { reshape, reshapeOperation } from './reshape';

describeBackends('reshape', () => {
  it.each([
    [
      [2, 3, 5],
      [6, 5],
    ],
    [
      [6, 5],
      [2, 3, 5],
    ],
    [[1], []],
    [[], [1, 1]],
    [[4], [4]],
  ])('keeps values and gradients in order (%j to %j)', async (inputShape, shape) => {
    const inputs = { x: filled(inputShape) };
    await checkOperation(reshapeOperation, { inputs, attributes: { shape, inputShape }, reference });
  });

  it('refuses a different number of values, and names both', () => {
    const x = tf.zeros([2, 3]);
    expect(() => reshape(x, [4, 2])).toThrow(withCode('INVALID_SHAPE'));
    expect(() => reshape(x, [-2, -3])).toThrow(withCode('INVALID_SHAPE'));
    x.dispose();
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones([2, 3]);
      tf.dispose([x, reshape(x, [6])]);
    }));
});
