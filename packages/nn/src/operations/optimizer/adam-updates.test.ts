import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation } from '../../testing';
import { uneven } from '../../testing/uneven';
import { adamUpdatesReference as reference } from '../../testing/references/optimizer';
import { adamUpdates, adamUpdatesOperation } from './adam-updates';

const settings = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 3 };

const tensorsOf = (i: number, shape: readonly number[], hasAverage: boolean) => ({
  [`parameter_${i}`]: uneven(shape, { seed: i }),
  [`gradient_${i}`]: uneven(shape, { seed: i + 1 }),
  [`m_${i}`]: uneven(shape, { seed: i + 2 }),
  [`v_${i}`]: uneven(shape, { seed: i + 3, from: 0.01, to: 1 }),
  ...(hasAverage && { [`average_${i}`]: uneven(shape, { seed: i + 4 }) }),
});

describeBackends('adamUpdates', () => {
  it.each([
    [[[3, 5]], true, true],
    [[[7], [], [130, 131], [1]], true, true],
    [[[4, 5], [17_001]], false, true],
    [[[4, 5], [6]], true, false],
    [[[4, 5], [6]], false, false],
  ])('gives the new values of shapes %j, scaled: %j, averaged: %j', async (shapes, hasScale, hasAverage) => {
    const inputs = {
      ...Object.assign({}, ...shapes.map((shape, i) => tensorsOf(i, shape, hasAverage))),
      ...(hasScale && { scale: { shape: [], data: [0.3] } }),
    };
    const attributes = { ...settings, count: shapes.length, hasScale, hasAverage, averageDecay: 0.9 };
    await checkOperation(adamUpdatesOperation, { inputs, attributes, reference, constants: Object.keys(inputs) });
  });

  it('returns nothing for no parameters', () => expect(adamUpdates([], settings)).toEqual([]));

  it('changes none of its inputs, and leaves no tensor behind', () =>
    expectNoLeak(async () => {
      const [parameter, gradient, m, v] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4]), tf.tensor1d([5, 6]), tf.ones([2])];
      const [updated] = adamUpdates([{ parameter, gradient, m, v, average: parameter }], settings);
      expect(Array.from(await parameter.data())).toEqual([1, 2]);
      expect(Array.from(await m.data())).toEqual([5, 6]);
      tf.dispose([parameter, gradient, m, v, updated!]);
    }));

  it('refuses averages for some parameters only', () => {
    const zeros = tf.zeros([2]);
    const all = { parameter: zeros, gradient: zeros, m: zeros, v: zeros };
    expect(() => adamUpdates([{ ...all, average: zeros }, all], settings)).toThrow(withCode('INVALID_OPTION'));
  });

  it.each([
    [{ averageDecay: 1.5 }, 'INVALID_OPTION'],
    [{ averageDecay: NaN }, 'INVALID_OPTION'],
    [{ step: 0 }, 'INVALID_OPTION'],
  ] as const)('refuses %j', (changed, code) => {
    const zeros = tf.zeros([2]);
    const all = { parameter: zeros, gradient: zeros, m: zeros, v: zeros, average: zeros };
    expect(() => adamUpdates([all], { ...settings, ...changed })).toThrow(withCode(code));
  });

  it('refuses a scale that is not a scalar', () => {
    const zeros = tf.zeros([2]);
    const all = { parameter: zeros, gradient: zeros, m: zeros, v: zeros };
    const scale = tf.tensor1d([1, 2]) as unknown as tf.Scalar;
    expect(() => adamUpdates([all], { ...settings, scale })).toThrow(withCode('INVALID_SHAPE'));
  });

  it('refuses tensors of different shapes', () => {
    const zeros = tf.zeros([2]);
    const all = { parameter: zeros, gradient: tf.zeros([3]), m: zeros, v: zeros };
    expect(() => adamUpdates([all], settings)).toThrow(withCode('INVALID_SHAPE'));
  });
});
