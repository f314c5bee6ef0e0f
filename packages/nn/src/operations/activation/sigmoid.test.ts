import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { sigmoidReference as reference } from '../../testing/references/activation';
import { sigmoid, sigmoidOperation } from './sigmoid';

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

describeBackends('sigmoid', () => {
  it.each([[[1]], [[7]], [[3, 5]], [[2, 3, 4]]])('gives the values and their gradient (%j)', async (shape) => {
    const { data } = filled(shape);
    const x = { shape, data: data.map((value) => 6 * value) };
    await checkOperation(sigmoidOperation, { inputs: { x }, attributes: {}, reference });
  });

  it('saturates without overflow, and keeps NaN', async () => {
    const inputs = [-1000, -100, -20, 0, 20, 100, 1000];
    const x = tf.tensor1d([...inputs, NaN]);
    const y = sigmoid(x);
    const values = await y.data();
    expectAllClose(values.subarray(0, inputs.length), inputs.map(logistic));
    expect(values[inputs.length]).toBeNaN();
    tf.dispose([x, y]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R1>([3]);
      tf.dispose([x, sigmoid(x)]);
    }));
});
