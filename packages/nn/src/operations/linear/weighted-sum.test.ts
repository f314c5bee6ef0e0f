import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { weightedSumReference as reference } from '../../testing/references/linear';
import { weightedSum, weightedSumOperation } from './weighted-sum';

describeBackends('weightedSum', () => {
  it.each([[[2]], [[0.5, -1]], [Array.from({ length: 12 }, (_, i) => i / 7)]])(
    'gives the sum and its gradients (%j)',
    async (weights) => {
      const inputs = Object.fromEntries(weights.map((_, i) => [`scalar_${i}`, filled([], i)]));
      await checkOperation(weightedSumOperation, { inputs, attributes: { weights }, reference });
    },
  );

  it('refuses an empty list, a wrong number of weights, and tensors that are not scalars', () => {
    const [scalar, vector] = [tf.scalar(1), tf.zeros([2]) as tf.Tensor];
    expect(() => weightedSum([], [])).toThrow(withCode('INVALID_OPTION'));
    expect(() => weightedSum([scalar], [1, 2])).toThrow(withCode('INVALID_OPTION'));
    expect(() => weightedSum([vector as tf.Scalar], [1])).toThrow(withCode('INVALID_SHAPE', 'scalar_0'));
    tf.dispose([scalar, vector]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const scalar = tf.scalar(1);
      tf.dispose([scalar, weightedSum([scalar, scalar], [1, 2])]);
    }));
});
