import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { globalNormReference as reference } from '../../testing/references/reduction';
import { globalNorm, globalNormOperation } from './global-norm';

describeBackends('globalNorm', () => {
  it.each([[[[1]]], [[[7], [3, 5], []]], [[[2, 3, 400], [20_000], [0]]]])('gives the norm of %j', async (shapes) => {
    const inputs = Object.fromEntries(shapes.map((shape, i) => [`x_${i}`, filled(shape)]));
    await checkOperation(globalNormOperation, { inputs, attributes: {}, reference, constants: Object.keys(inputs) });
  });

  it('is zero for no tensors', async () => {
    expect(Array.from(await globalNorm([]).data())).toEqual([0]);
  });

  it('is accurate on millions of values', async () => {
    const tensors = [tf.fill([1200, 2000], 10.1), tf.fill([70_001], 10.1)];
    const norm = globalNorm(tensors);
    expectAllClose(await norm.data(), [Math.sqrt(2_470_001) * Math.fround(10.1)], { relative: 1e-5, absolute: 0 });
    tf.dispose([norm, tensors]);
  });

  it('is NaN if a value is', async () => {
    const norm = globalNorm([tf.tensor1d([1, 2]), tf.tensor1d([3, NaN])]);
    expect((await norm.data())[0]).toBeNaN();
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones([2, 3]);
      tf.dispose([x, globalNorm([x, x])]);
    }));
});
