import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { checkOperation } from '../../testing';
import { BOTH_NANS, uneven } from '../../testing/uneven';
import { classificationCostReference as reference } from '../../testing/references/classification';
import { classificationCost, classificationCostOperation } from './classification-cost';

describeBackends('classificationCost', () => {
  it.each([
    ['one object', [0, 1, 0, 1, 0, 0]],
    ['two objects', [0, 1, 1, 1, 0, 1]],
    ['one and two objects', [0, 1, 0, 1, 0, 1]],
    ['two objects of one class', [0, 2, 0, 1, 0, 1]],
  ])('gives the cost and its gradient, %s', async (_, data) => {
    await checkOperation(classificationCostOperation, {
      inputs: { posterior: uneven([2, 3], { from: 0.1, to: 0.8 }), targets: { shape: [2, 3], data } },
      attributes: {},
      reference,
      constants: ['targets'],
    });
  });

  it('is the same whether an object that occurs twice counts once or twice', async () => {
    const posterior = tf.tensor2d([[0.2, 0.8]]);
    const [once, twice] = [tf.tensor2d([[0, 1]]), tf.tensor2d([[0, 2]])];
    const costs = [classificationCost(posterior, once), classificationCost(posterior, twice)];
    expect((await costs[0]!.data())[0]).toBeCloseTo(-Math.log(0.8), 6);
    expect((await costs[1]!.data())[0]).toBeCloseTo(-Math.log(0.8), 6);
  });

  it('is finite, with a finite gradient, if a posterior is zero', async () => {
    const [posterior, targets] = [tf.tensor2d([[0, 1, 0]]), tf.tensor2d([[1, 0, 0]])];
    const { value, grad } = tf.valueAndGrad((p: tf.Tensor2D) => classificationCost(p, targets))(posterior);
    expect((await value.data())[0]).toBeCloseTo(30 * Math.LN10, 3);
    expect(Array.from(await grad.data()).every(Number.isFinite)).toBe(true);
  });

  it('counts an example without objects as zero', async () => {
    const [posterior, targets] = [
      tf.fill<tf.Rank.R2>([2, 2], 0.5),
      tf.tensor2d([
        [0, 0],
        [1, 0],
      ]),
    ];
    expect((await classificationCost(posterior, targets).data())[0]).toBeCloseTo(Math.LN2 / 2, 6);
  });

  it.each(BOTH_NANS)('passes NaN on (%s)', async (_, nan) => {
    const cost = classificationCost(tf.tensor2d(nan([NaN, 0.5]), [1, 2]), tf.tensor2d([[1, 0]]));
    expect((await cost.data())[0]).toBeNaN();
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const p = tf.ones<tf.Rank.R2>([4, 3]);
      tf.dispose([p, classificationCost(p, p)]);
    }));

  it('refuses targets of a different shape', () => {
    expect(() => classificationCost(tf.ones([2, 3]), tf.ones([2, 4]))).toThrow(withCode('INVALID_SHAPE'));
  });
});
