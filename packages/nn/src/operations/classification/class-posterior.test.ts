import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { checkOperation } from '../../testing';
import { BOTH_NANS, uneven } from '../../testing/uneven';
import { classPosteriorReference as reference } from '../../testing/references/classification';
import { classPosterior, classPosteriorOperation } from './class-posterior';

describeBackends('classPosterior', () => {
  it.each([
    [3, 2, 4],
    [1, 3, 10],
    [4, 1, 2],
    [2, 2, 1],
  ])('gives the posterior and its gradient, K %i B %i C %i', async (K, B, C) => {
    const p = uneven([K * B, C + 1], { from: 0.01, to: 0.5 });
    await checkOperation(classPosteriorOperation, { inputs: { p }, attributes: { groups: K }, reference });
  });

  it('is as accurate if almost everything is "no object"', async () => {
    const p = { shape: [2, 3], data: [1e-8, 3e-8, 1, 2e-8, 2e-8, 1] };
    const posterior = classPosterior(tf.tensor2d(p.data, [2, 3]), { groups: 2 });
    const [first, second] = await posterior.data();
    expect(first).toBeCloseTo(3 / 8, 6);
    expect(second).toBeCloseTo(5 / 8, 6);
  });

  it('is uniform, with a finite gradient, if every group is certain of "no object"', async () => {
    const p = tf.tensor2d([0, 0, 1, 0, 0, 1], [2, 3]);
    const posterior = classPosterior(p, { groups: 2 });
    expect(Array.from(await posterior.data())).toEqual([0.5, 0.5]);
    const gradient = tf.grad((at) => classPosterior(at as tf.Tensor2D, { groups: 2 }))(p, tf.tensor2d([[1, -1]]));
    expect(Array.from(await gradient.data()).every(Number.isFinite)).toBe(true);
  });

  it.each(BOTH_NANS)('passes NaN on (%s)', async (_, nan) => {
    const posterior = classPosterior(tf.tensor2d(nan([NaN, 0.5, 0.5, 0.1, 0.8, 0.1]), [2, 3]), { groups: 2 });
    expect(Array.from(await posterior.data())).toEqual([NaN, NaN]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const p = tf.ones<tf.Rank.R2>([4, 3]);
      tf.dispose([p, classPosterior(p, { groups: 2 })]);
    }));

  it.each([
    [[4, 3], 3],
    [[4, 1], 2],
    [[4], 2],
  ])('refuses the shape [%j] with %i groups', (shape, groups) => {
    expect(() => classPosterior(tf.ones(shape as [number, number]), { groups })).toThrow(withCode('INVALID_SHAPE'));
  });

  it.each([0, 1.5, -1])('refuses %d groups', (groups) => {
    expect(() => classPosterior(tf.ones([4, 3]), { groups })).toThrow(withCode('INVALID_OPTION'));
  });
});
