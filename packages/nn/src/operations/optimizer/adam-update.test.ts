import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectAllClose, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { checkOperation } from '../../testing';
import { BOTH_NANS, uneven } from '../../testing/uneven';
import { adamUpdateReference as reference } from '../../testing/references/optimizer';
import { adamUpdate, adamUpdateOperation } from './adam-update';

const constants = ['parameter', 'gradient', 'm', 'v'];
const defaults = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1 };

describeBackends('adamUpdate', () => {
  it.each([[[3, 5]], [[7]], [[]], [[2, 3, 4]], [[1, 1]]])('gives the new values of shape %j', async (shape) => {
    const inputs = {
      parameter: uneven(shape),
      gradient: uneven(shape, { seed: 1 }),
      m: uneven(shape, { seed: 2 }),
      v: uneven(shape, { seed: 3, from: 0.01, to: 1 }),
    };
    for (const changed of [{}, { step: 10 }, { beta1: 0, beta2: 0.5, epsilon: 0.1, step: 3 }]) {
      await checkOperation(adamUpdateOperation, {
        inputs,
        attributes: { ...defaults, ...changed },
        reference,
        constants,
      });
    }
  });

  it('moves by the learning rate at the first step, whatever the size of the gradient', async () => {
    const gradient = tf.tensor1d([1e-4, -1e-4, 3, -2000]);
    const zeros = tf.zerosLike(gradient);
    const [moved] = adamUpdate(zeros, gradient, zeros, zeros, { learningRate: 0.01, step: 1 });
    expectAllClose(await moved.data(), [-0.01, 0.01, -0.01, 0.01], { relative: 2e-4, absolute: 0 });
  });

  it('does not move, and stays finite, if the gradient has always been zero', async () => {
    const [p, zeros] = [tf.tensor1d([1, -2]), tf.zeros<tf.Rank.R1>([2])];
    const updated = adamUpdate(p, zeros, zeros, zeros, { learningRate: 0.01, step: 1 });
    expect(await Promise.all(updated.map(async (t) => Array.from(await t.data())))).toEqual([
      [1, -2],
      [0, 0],
      [0, 0],
    ]);
  });

  it('adds epsilon outside the square root', async () => {
    const [p, g] = [tf.scalar(0), tf.scalar(1e-8)];
    const [moved] = adamUpdate(p, g, tf.scalar(0), tf.scalar(0), { learningRate: 1, step: 1, epsilon: 1e-8 });
    expect((await moved.data())[0]).toBeCloseTo(-0.5, 4);
  });

  it('uses the defaults of the paper', async () => {
    const [p, g, m, v] = [tf.scalar(1), tf.scalar(0.5), tf.scalar(0.25), tf.scalar(0.125)];
    const byDefault = adamUpdate(p, g, m, v, { learningRate: 0.001, step: 7 });
    const given = adamUpdate(p, g, m, v, { ...defaults, learningRate: 0.001, step: 7 });
    for (const [i, tensor] of byDefault.entries()) expect(await tensor.data()).toEqual(await given[i]!.data());
  });

  it('minimizes a parabola', async () => {
    let state: [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D] = [tf.tensor1d([5]), tf.zeros([1]), tf.zeros([1])];
    for (let step = 1; step <= 400; step++) {
      state = tf.tidy(() => {
        const [p, m, v] = state;
        return adamUpdate(p, tf.mul<tf.Tensor1D>(tf.sub(p, 2), 2), m, v, { learningRate: 0.1, step });
      });
    }
    expect((await state[0].data())[0]).toBeCloseTo(2, 2);
  });

  it.each(BOTH_NANS)('passes NaN on (%s)', async (_, nan) => {
    const [p, g, zero] = [tf.scalar(1), tf.tensor(nan([NaN]), []) as tf.Scalar, tf.scalar(0)];
    const updated = adamUpdate(p, g, zero, zero, { learningRate: 0.1, step: 1 });
    for (const tensor of updated) expect((await tensor.data())[0]).toBeNaN();
  });

  it('changes none of its inputs, and leaves no tensor behind', () =>
    expectNoLeak(async () => {
      const inputs = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4]), tf.tensor1d([5, 6]), tf.tensor1d([7, 8])] as const;
      const updated = adamUpdate(...inputs, { learningRate: 0.1, step: 1 });
      expect(Array.from(await inputs[0].data())).toEqual([1, 2]);
      expect(Array.from(await inputs[2].data())).toEqual([5, 6]);
      tf.dispose([...inputs, updated]);
    }));

  it.each([
    ['learningRate', NaN],
    ['beta1', 1],
    ['beta2', -0.1],
    ['epsilon', 0],
    ['step', 0],
    ['step', 1.5],
  ])('refuses %s %d', (name, value) => {
    const p = tf.scalar(0);
    expect(() => adamUpdate(p, p, p, p, { ...defaults, [name]: value })).toThrow(withCode('INVALID_OPTION', name));
  });

  it('refuses tensors of different shapes', () => {
    const [p, g] = [tf.zeros<tf.Rank.R1>([2]), tf.zeros<tf.Rank.R1>([3])];
    expect(() => adamUpdate(p, g, p, p, { learningRate: 0.1, step: 1 })).toThrow(withCode('INVALID_SHAPE'));
  });
});
