import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled, withNegativeNaN } from '../../testing';
import { reluReference as reference } from '../../testing/references/activation';
import { relu, reluOperation } from './relu';

describeBackends('relu', () => {
  it.each([[[1]], [[7]], [[3, 5]], [[2, 3, 4]]])(
    'gives the rectified values and their gradient (%j)',
    async (shape) => {
      await checkOperation(reluOperation, { inputs: { x: filled(shape) }, attributes: {}, reference });
    },
  );

  it('keeps NaN, whatever its sign and position', async () => {
    for (let at = 0; at < 11; at++) {
      const values = Array.from({ length: 11 }, (_, i) => (i === at ? NaN : i - 5));
      for (const data of [Float32Array.from(values), withNegativeNaN(values)]) {
        const x = tf.tensor1d(data);
        const y = relu(x);
        expect(Array.from(await y.data(), Number.isNaN)).toEqual(values.map(Number.isNaN));
        tf.dispose([x, y]);
      }
    }
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R1>([3]);
      tf.dispose([x, relu(x)]);
    }));
});
