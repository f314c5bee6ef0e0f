import { describeBackends, expectAllClose, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled, withNegativeNaN } from '../../testing';
import { groupSoftmaxReference as reference } from '../../testing/references/softmax';
import { groupSoftmax, groupSoftmaxOperation } from './group-softmax';

describeBackends('groupSoftmax', () => {
  it.each([
    [1, 1, 1],
    [1, 2, 3],
    [4, 1, 1],
    [2, 3, 5],
    [5, 2, 3],
  ])('gives m, log m and the gradients through both (%i, %i, %i)', async (...shape) => {
    const logits = { shape, data: filled(shape).data.map((value) => 3 * value) };
    await checkOperation(groupSoftmaxOperation, { inputs: { logits }, attributes: {}, reference });
  });

  it('has a finite log m, with finite gradients, if m underflows', async () => {
    const logits = tf.tensor3d([200, -200, 0, 0], [2, 1, 2]);
    const { m, logM } = groupSoftmax(logits);
    expect(Array.from(await m.data())).toEqual([1, 0, 0, 1]);
    expectAllClose(await logM.data(), [0, -200, -200, 0]);
    const dy = tf.ones<tf.Rank.R3>([2, 1, 2]);
    const { value, grads } = tf.engine().gradients(() => groupSoftmax(logits).logM, [logits], dy);
    expectAllClose(await grads[0]!.data(), [-1, 1, 1, -1]);
    tf.dispose([logits, m, logM, dy, value, ...grads]);
  });

  it('spreads NaN over the groups of its element, but no further', async () => {
    const logits = tf.tensor3d(withNegativeNaN([1, NaN, 3, 4, 5, 6]), [2, 1, 3]);
    const { m, logM } = groupSoftmax(logits);
    for (const t of [m, logM]) {
      expect(Array.from(await t.data(), Number.isNaN)).toEqual([false, true, false, false, true, false]);
    }
    tf.dispose([logits, m, logM]);
  });

  it('refuses tensors without three axes', () => {
    const logits = tf.zeros([2, 3]) as tf.Tensor;
    expect(() => groupSoftmax(logits as tf.Tensor3D)).toThrow(withCode('INVALID_SHAPE', 'logits'));
    logits.dispose();
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const logits = tf.ones<tf.Rank.R3>([2, 3, 4]);
      const { m, logM } = groupSoftmax(logits);
      tf.dispose([logits, m, logM]);
    }));
});
