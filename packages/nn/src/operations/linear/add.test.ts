import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { addReference } from '../../testing/references/linear';
import { add, addOperation } from './add';

describeBackends('add', () => {
  it('gives the sum and its gradients', async () => {
    for (const shape of [
      [1, 1],
      [5, 1],
      [13, 7],
    ] as const) {
      await checkOperation(addOperation, {
        inputs: { a: filled(shape), b: filled(shape, 2) },
        attributes: {},
        reference: addReference,
      });
    }
  });

  it('refuses shapes that differ', () => {
    const [a, b] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R2>([1, 3])];
    expect(() => add(a, b)).toThrow(withCode('INVALID_SHAPE', 'b'));
    tf.dispose([a, b]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([5, 3]);
      tf.dispose([x, add(x, x)]);
    }));
});
