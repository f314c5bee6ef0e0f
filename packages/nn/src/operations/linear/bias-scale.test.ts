import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { biasScaleReference as reference } from '../../testing/references/linear';
import { biasScale, biasScaleOperation } from './bias-scale';

describeBackends('biasScale', () => {
  it.each([
    [1, 1],
    [1, 5],
    [5, 1],
    [13, 7],
  ])('gives gain (x + bias) and its gradients (%i, %i)', async (rows, columns) => {
    const inputs = { x: filled([rows, columns]), bias: filled([columns], 2), gain: filled([columns], 3) };
    await checkOperation(biasScaleOperation, { inputs, attributes: {}, reference });
  });

  it('refuses vectors that do not fit', () => {
    const x = tf.zeros<tf.Rank.R2>([2, 3]);
    const [two, three] = [tf.zeros<tf.Rank.R1>([2]), tf.zeros<tf.Rank.R1>([3])];
    expect(() => biasScale(x, two, three)).toThrow(withCode('INVALID_SHAPE', 'bias'));
    expect(() => biasScale(x, three, two)).toThrow(withCode('INVALID_SHAPE', 'gain'));
    tf.dispose([x, two, three]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([5, 3]);
      const vector = tf.ones<tf.Rank.R1>([3]);
      tf.dispose([x, vector, biasScale(x, vector, vector)]);
    }));
});
