import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled, withNegativeNaN } from '../../testing';
import { combinatorReference as reference } from '../../testing/references/ladder';
import {
  combinator,
  COMBINATOR_PARAMETERS,
  combinatorOperation,
  type CombinatorGate,
  type CombinatorParameters,
} from './combinator';

const gates: CombinatorGate[] = ['sigmoid', 'linear'];

describeBackends('combinator', () => {
  it.each(gates)('gives the value and all twelve gradients (%s)', async (gate) => {
    for (const [R, D] of [
      [1, 1],
      [1, 5],
      [5, 1],
      [6, 7],
    ] as const) {
      const vectors = Object.fromEntries(COMBINATOR_PARAMETERS.map((name, i) => [name, filled([D], i + 2)]));
      await checkOperation(combinatorOperation, {
        inputs: { s: filled([R, D]), u: filled([R, D], 1), ...vectors },
        attributes: { gate },
        reference,
      });
    }
  });

  const zeros = (size: number) =>
    Object.fromEntries(
      COMBINATOR_PARAMETERS.map((name) => [name, tf.zeros([size])]),
    ) as unknown as CombinatorParameters;

  it('has the sigmoid gate by default', async () => {
    const [s, u] = [tf.tensor2d([[4]]), tf.tensor2d([[9]])];
    const parameters = zeros(1);
    const y = combinator(s, u, parameters);
    expect(Array.from(await y.data())).toEqual([2]);
    tf.dispose([s, u, y, ...Object.values(parameters)]);
  });

  it('keeps NaN of s and of u', async () => {
    const [s, u] = [
      [NaN, 1, 1],
      [1, NaN, 1],
    ].map((row) => tf.tensor2d(withNegativeNaN(row), [1, 3])) as [tf.Tensor2D, tf.Tensor2D];
    const parameters = zeros(3);
    const y = combinator(s, u, parameters);
    expect(Array.from(await y.data(), Number.isNaN)).toEqual([true, true, false]);
    tf.dispose([s, u, y, ...Object.values(parameters)]);
  });

  it('refuses inputs that do not fit, and names them', () => {
    const [s, u] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R2>([2, 3])];
    const three = zeros(3);
    const wrong = tf.zeros<tf.Rank.R1>([2]);
    expect(() => combinator(s, u, { ...three, a7: wrong })).toThrow(withCode('INVALID_SHAPE', 'a7'));
    expect(() => combinator(s, u, three, { gate: 'tanh' as CombinatorGate })).toThrow(
      withCode('INVALID_OPTION', 'gate'),
    );
    tf.dispose([s, u, wrong, ...Object.values(three)]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const s = tf.ones<tf.Rank.R2>([2, 3]);
      const three = zeros(3);
      tf.dispose([s, combinator(s, s, three), ...Object.values(three)]);
    }));
});
