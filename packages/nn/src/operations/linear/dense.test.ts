import { describeBackends, expectAllClose, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { dense } from './dense';

describeBackends('dense', () => {
  const make = () => ({
    x: tf.tensor2d([1, 2, 3, 4], [2, 2]),
    weights: tf.tensor2d([1, 0, -1, 2, 1, 0], [2, 3]),
    bias: tf.tensor1d([1, -5, 0]),
  });

  it('multiplies, adds and rectifies', async () => {
    const { x, weights, bias } = make();
    const plain = dense(x, weights);
    const rectified = dense(x, weights, { bias, activation: 'relu' });
    expect(Array.from(await plain.data())).toEqual([5, 2, -1, 11, 4, -3]);
    expectAllClose(await rectified.data(), [6, 0, 0, 12, 0, 0]);
    tf.dispose([x, weights, bias, plain, rectified]);
  });

  it('has gradients with respect to input, weights and bias', async () => {
    const { x, weights, bias } = make();
    const dy = tf.tensor2d([1, 10, 100, 1000, 10000, 100000], [2, 3]);
    const { value, grads } = tf
      .engine()
      .gradients(() => dense(x, weights, { bias, activation: 'relu' }), [x, weights, bias] as tf.Tensor[], dy);
    // The rectifier zeroes all but the first column.
    expectAllClose(await grads[0]!.data(), [1, 2, 1000, 2000]);
    expectAllClose(await grads[1]!.data(), [3001, 0, 0, 4002, 0, 0]);
    expectAllClose(await grads[2]!.data(), [1001, 0, 0]);
    tf.dispose([x, weights, bias, dy, value, ...grads]);
  });

  it('refuses an activation without a bias', () => {
    const { x, weights, bias } = make();
    expect(() => dense(x, weights, { activation: 'relu' })).toThrow(withCode('INVALID_OPTION', 'relu'));
    tf.dispose([x, weights, bias]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const { x, weights, bias } = make();
      tf.dispose([x, weights, bias, dense(x, weights, { bias })]);
    }));
});
