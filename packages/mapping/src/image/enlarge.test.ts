import { matMul } from '@taggerjs/nn';
import { describeBackends, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { enlargement } from './enlarge';

async function enlarged(values: number[], size: [number, number], factor: number): Promise<number[]> {
  const result = tf.tidy(() => matMul(tf.tensor2d(values, [1, values.length]), enlargement(size, factor)));
  const data = Array.from(await result.data());
  result.dispose();
  return data;
}

describeBackends('enlargement', () => {
  it('is linear between the middles of pixels, and constant beyond the outermost', async () => {
    expect(await enlarged([0, 1], [1, 2], 4)).toEqual(
      [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1, 0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1].concat([
        0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1, 0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1,
      ]),
    );
  });

  it('enlarges rows as columns', async () => {
    expect(await enlarged([1, 3, 5, 9], [2, 2], 2)).toEqual([
      1, 1.5, 2.5, 3, 2, 2.625, 3.875, 4.5, 4, 4.875, 6.625, 7.5, 5, 6, 8, 9,
    ]);
  });

  it('leaves an image as it is at factor 1', async () => {
    expect(await enlarged([1, 3, 5, 9, 2, 4], [2, 3], 1)).toEqual([1, 3, 5, 9, 2, 4]);
  });

  it.each([0, -1, 1.5, NaN])('refuses the factor %p', (factor) => {
    expect(() => enlargement([2, 2], factor)).toThrow(withCode('INVALID_OPTION'));
  });
});
