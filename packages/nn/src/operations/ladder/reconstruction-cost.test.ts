import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { reconstructionCostReference as reference } from '../../testing/references/ladder';
import { reconstructionCost, reconstructionCostOperation } from './reconstruction-cost';

const SHAPES = [
  [1, 1],
  [1, 6],
  [6, 1],
  [13, 7],
  [33, 130],
] as const;

describeBackends('reconstructionCost', () => {
  it('gives the cost and its gradients, normalized by statistics', async () => {
    for (const shape of SHAPES) {
      const inputs = {
        reconstruction: filled(shape),
        clean: filled(shape, 2),
        mean: filled([shape[1]], 3),
        inverseStd: filled([shape[1]], 4),
      };
      await checkOperation(reconstructionCostOperation, { inputs, attributes: { hasStatistics: true }, reference });
    }
  });

  it('gives the cost and its gradients without statistics', async () => {
    for (const shape of SHAPES) {
      const inputs = {
        reconstruction: filled(shape),
        clean: filled(shape, 2),
        mean: filled([]),
        inverseStd: filled([]),
      };
      const how = { attributes: { hasStatistics: false }, reference, constants: ['mean', 'inverseStd'] };
      await checkOperation(reconstructionCostOperation, { inputs, ...how });
    }
  });

  it('refuses shapes that do not fit', () => {
    const [x, y] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R2>([2, 4])];
    const vector = tf.zeros<tf.Rank.R1>([2]);
    expect(() => reconstructionCost(x, y)).toThrow(withCode('INVALID_SHAPE', 'clean'));
    expect(() => reconstructionCost(x, x, { mean: vector, inverseStd: vector })).toThrow(
      withCode('INVALID_SHAPE', 'mean'),
    );
    tf.dispose([x, y, vector]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([5, 3]);
      const vector = tf.ones<tf.Rank.R1>([3]);
      tf.dispose([x, vector, reconstructionCost(x, x), reconstructionCost(x, x, { mean: vector, inverseStd: vector })]);
    }));
});
