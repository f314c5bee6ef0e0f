import { describeBackends, expectAllClose, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { normalizeWithReference as reference } from '../../testing/references/normalization';
import { columnMoments } from './column-moments';
import { normalize } from './normalize';
import { normalizeWith, normalizeWithOperation } from './normalize-with';
import type { Activation } from '../activation/relu';

const activations: Activation[] = ['none', 'relu'];
const kinds = ['none', 'scalar', 'vector'] as const;
const cases = activations.flatMap((activation) =>
  kinds.flatMap((gain) => kinds.map((bias) => ({ activation, gain, bias }))),
);

describeBackends('normalizeWith', () => {
  it.each(cases)('gives values and gradients (%j)', async ({ activation, gain, bias }) => {
    for (const [R, D] of [
      [1, 1],
      [1, 5],
      [5, 1],
      [6, 7],
    ] as const) {
      const parameter = (kind: (typeof kinds)[number], none: number, seed: number) =>
        kind === 'none' ? { shape: [], data: [none] } : filled(kind === 'vector' ? [D] : [], seed);
      const variance = filled([D], 5);
      await checkOperation(normalizeWithOperation, {
        inputs: {
          x: filled([R, D]),
          mean: filled([D], 4),
          variance: { shape: [D], data: variance.data.map((value) => value * value) },
          gain: parameter(gain, 1, 2),
          bias: parameter(bias, 0, 3),
        },
        attributes: { activation, epsilon: 0.01, hasGain: gain !== 'none', hasBias: bias !== 'none' },
        reference,
        constants: ['mean', 'variance', ...(gain === 'none' ? ['gain'] : []), ...(bias === 'none' ? ['bias'] : [])],
      });
    }
  });

  it('equals batch normalization, given the moments of the batch', async () => {
    const x = tf.tensor2d(filled([9, 4]).data, [9, 4]);
    const moments = columnMoments(x);
    const given = normalizeWith(x, { ...moments, epsilon: 1e-10 });
    const own = normalize(x, { norm: 'batch' });
    expectAllClose(await given.data(), await own.data(), { relative: 1e-6, absolute: 0 });
    tf.dispose([x, moments.mean, moments.variance, given, own]);
  });

  it('refuses statistics that do not fit', () => {
    const x = tf.zeros<tf.Rank.R2>([2, 3]);
    const [two, three] = [tf.zeros<tf.Rank.R1>([2]), tf.zeros<tf.Rank.R1>([3])];
    expect(() => normalizeWith(x, { mean: two, variance: three, epsilon: 1 })).toThrow(
      withCode('INVALID_SHAPE', 'mean'),
    );
    expect(() => normalizeWith(x, { mean: three, variance: two, epsilon: 1 })).toThrow(
      withCode('INVALID_SHAPE', 'variance'),
    );
    tf.dispose([x, two, three]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([5, 3]);
      const vector = tf.ones<tf.Rank.R1>([3]);
      tf.dispose([x, vector, normalizeWith(x, { mean: vector, variance: vector, epsilon: 1, bias: vector })]);
    }));
});
