import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled, withNegativeNaN } from '../../testing';
import { addBiasReference as reference } from '../../testing/references/linear';
import { addBias, addBiasOperation } from './add-bias';
import type { Activation } from '../activation/relu';

const activations: Activation[] = ['none', 'relu'];

describeBackends('addBias', () => {
  it.each(activations)('gives the sum and its gradients (%s)', async (activation) => {
    for (const shape of [
      [1, 1],
      [1, 5],
      [5, 1],
      [13, 7],
    ] as const) {
      const inputs = { x: filled(shape), bias: filled([shape[1]], 2) };
      await checkOperation(addBiasOperation, { inputs, attributes: { activation }, reference });
    }
  });

  it('keeps NaN through the rectifier', async () => {
    const x = tf.tensor2d(withNegativeNaN([NaN, 1, -1, 2]), [2, 2]);
    const bias = tf.tensor1d([0, 0]);
    const y = addBias(x, bias, { activation: 'relu' });
    expect(Array.from(await y.data(), Number.isNaN)).toEqual([true, false, false, false]);
    tf.dispose([x, bias, y]);
  });

  it('refuses a bias that does not fit, and an unknown activation', () => {
    const x = tf.zeros<tf.Rank.R2>([2, 3]);
    const bias = tf.zeros<tf.Rank.R1>([2]);
    expect(() => addBias(x, bias)).toThrow(withCode('INVALID_SHAPE', 'bias'));
    const right = tf.zeros<tf.Rank.R1>([3]);
    expect(() => addBias(x, right, { activation: 'tanh' as Activation })).toThrow(
      withCode('INVALID_OPTION', 'activation'),
    );
    tf.dispose([x, bias, right]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([5, 3]);
      const bias = tf.ones<tf.Rank.R1>([3]);
      tf.dispose([x, bias, addBias(x, bias, { activation: 'relu' })]);
    }));
});
