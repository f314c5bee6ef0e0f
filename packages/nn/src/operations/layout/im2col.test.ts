import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { im2colReference as reference } from '../../testing/references/layout';
import { im2col, im2colOperation } from './im2col';

describeBackends('im2col', () => {
  it.each([
    [1, 1, 1, 1],
    [2, 3, 4, 2],
    [1, 2, 5, 3],
    [3, 1, 2, 5],
  ])('of %i images of %i x %i pixels of %i channels', async (images, rows, columns, C) => {
    const inputs = { x: filled([images * rows * columns, C]) };
    await checkOperation(im2colOperation, { inputs, attributes: { images, rows, columns }, reference });
  });

  it('refuses incomplete images', () => {
    const x = tf.zeros<tf.Rank.R2>([7, 2]);
    expect(() => im2col(x, [2, 3])).toThrow(withCode('INVALID_SHAPE'));
    x.dispose();
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R2>([6, 2]);
      tf.dispose([x, im2col(x, [2, 3])]);
    }));
});
