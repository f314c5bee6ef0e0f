import { describeBackends } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { expOfNonPositive } from './exponential';

describeBackends('expOfNonPositive', () => {
  it('has a relative error of at most 1e-6 down to the smallest normal numbers', async () => {
    const inputs = Float32Array.from({ length: 2000 }, (_, i) => -i * 0.0435);
    const x = tf.tensor1d(inputs);
    const y = tf.tidy(() => expOfNonPositive(x));
    (await y.data()).forEach((value, i) => {
      const exact = Math.exp(inputs[i] as number);
      expect(Math.abs(value / exact - 1)).toBeLessThan(1e-6);
    });
    tf.dispose([x, y]);
  });

  it('goes to zero, and keeps NaN', async () => {
    const x = tf.tensor1d([-1e4, -Infinity, NaN, 0]);
    const y = tf.tidy(() => expOfNonPositive(x));
    expect(Array.from(await y.data())).toEqual([0, 0, NaN, 1]);
    tf.dispose([x, y]);
  });
});
