import { describeBackends, expectAllClose, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled, withNegativeNaN } from '../../testing';
import { normalizeReference as reference } from '../../testing/references/normalization';
import { normalize, normalizeOperation, NORMALIZATION_EPSILON, type Norm } from './normalize';
import type { Activation } from '../activation/relu';

const norms: Norm[] = ['layer', 'batch'];
const activations: Activation[] = ['none', 'relu'];
const kinds = ['none', 'scalar', 'vector'] as const;
const cases = norms.flatMap((norm) =>
  activations.flatMap((activation) => kinds.flatMap((gain) => kinds.map((bias) => ({ norm, activation, gain, bias })))),
);

describeBackends('normalize', () => {
  it.each(cases)('gives value, moments and their gradients (%j)', async ({ norm, activation, gain, bias }) => {
    for (const [R, D] of [
      [1, 1],
      [1, 5],
      [5, 1],
      [6, 7],
    ] as const) {
      const parameter = (kind: (typeof kinds)[number], none: number, seed: number) =>
        kind === 'none' ? { shape: [], data: [none] } : filled(kind === 'vector' ? [D] : [], seed);
      await checkOperation(normalizeOperation, {
        inputs: { x: filled([R, D]), gain: parameter(gain, 1, 2), bias: parameter(bias, 0, 3) },
        attributes: {
          norm,
          activation,
          // Larger than the default: if a mean has a single value, its gradient must show in the differences.
          epsilon: 0.01,
          hasGain: gain !== 'none',
          hasBias: bias !== 'none',
        },
        reference,
        constants: [...(gain === 'none' ? ['gain'] : []), ...(bias === 'none' ? ['bias'] : [])],
      });
    }
  });

  it.each([
    ['layer', 1e-8],
    ['batch', 1e-10],
  ] as const)('by default, with %s norm, epsilon is %d', async (norm, epsilon) => {
    expect(NORMALIZATION_EPSILON[norm]).toBe(epsilon);
    // A deviation near the square root of epsilon makes epsilon matter.
    const deviation = Math.sqrt(epsilon);
    const x = tf.tensor2d([-deviation, deviation], norm === 'layer' ? [1, 2] : [2, 1]);
    const y = normalize(x, { norm });
    expectAllClose(await y.data(), [-Math.SQRT1_2, Math.SQRT1_2]);
    tf.dispose([x, y]);
  });

  it.each(norms)('is accurate for a mean much larger than the deviation (%s)', async (norm) => {
    const data = Array.from({ length: 300 }, (_, i) => 1000 + (i % 2));
    const x = tf.tensor2d(data, norm === 'layer' ? [1, 300] : [300, 1]);
    const y = normalize(x, { norm });
    expectAllClose(
      await y.data(),
      data.map((value) => (value === 1000 ? -1 : 1)),
      { relative: 1e-3, absolute: 0 },
    );
    tf.dispose([x, y]);
  });

  it('confines NaN to its row, and keeps it through the rectifier', async () => {
    const x = tf.tensor2d(withNegativeNaN([1, NaN, 2, 1, 2, 4]), [2, 3]);
    const y = normalize(x, { norm: 'layer', activation: 'relu' });
    expect(Array.from(await y.data(), Number.isNaN)).toEqual([true, true, true, false, false, false]);
    tf.dispose([x, y]);
  });

  it('refuses gains and biases that do not fit, unknown norms, and an epsilon of zero', () => {
    const x = tf.zeros<tf.Rank.R2>([2, 3]);
    const wrong = tf.zeros<tf.Rank.R1>([2]);
    expect(() => normalize(x, { norm: 'layer', gain: wrong })).toThrow(withCode('INVALID_SHAPE', 'gain'));
    expect(() => normalize(x, { norm: 'layer', bias: wrong })).toThrow(withCode('INVALID_SHAPE', 'bias'));
    expect(() => normalize(x, { norm: 'group' as Norm, epsilon: 1 })).toThrow(withCode('INVALID_OPTION', 'norm'));
    expect(() => normalize(x, { norm: 'layer', epsilon: 0 })).toThrow(withCode('INVALID_OPTION', 'epsilon'));
    tf.dispose([x, wrong]);
  });

  it('makes only the columns NaN that contain one (batch)', async () => {
    const x = tf.tensor2d(withNegativeNaN([1, NaN, 2, 4, 5, 6]), [2, 3]);
    const y = normalize(x, { norm: 'batch', activation: 'relu' });
    expect(Array.from(await y.data(), Number.isNaN)).toEqual([false, true, false, false, true, false]);
    tf.dispose([x, y]);
  });

  it('leaves no tensor behind, with and without gradients', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([5, 3]);
      const gain = tf.ones<tf.Rank.R1>([3]);
      tf.dispose(normalize(x, { norm: 'batch', gain }));
      const { value, grads } = tf.engine().gradients(() => normalize(x, { norm: 'batch', gain }), [x], x);
      tf.dispose([x, gain, value, ...grads]);
    }));
});
