import { describeBackends, expectAllClose, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation } from '../../testing';
import { featureProductReference as reference } from '../../testing/references/linear';
import { uneven } from '../../testing/uneven';
import { featureProduct, featureProductOperation } from './feature-product';
import { matMul } from './matmul';

/** Stacked features; the constant ones hold their value everywhere. */
const features = (rows: number, size: number, constants: readonly number[]) => {
  const columns = size * constants.length;
  const { data } = uneven([rows, columns]);
  const of = (i: number) => constants[Math.floor((i % columns) / size)] as number;
  return { shape: [rows, columns], data: data.map((value, i) => (Number.isNaN(of(i)) ? value : of(i))) };
};

describeBackends('featureProduct', () => {
  it.each([[[0.3, NaN, NaN, 0.25]], [[NaN, 0.5]], [[2, NaN]], [[NaN, 1, NaN]], [[NaN, NaN]], [[0.5, -0.25]]])(
    'gives the product and its gradients for constants %j',
    async (constants) => {
      for (const [rows, size, outputs] of [
        [3, 5, 4],
        [20, 7, 9],
      ] as const) {
        const x = features(rows, size, constants);
        const weights = uneven([size * constants.length, outputs], { seed: 1 });
        await checkOperation(featureProductOperation, { inputs: { x, weights }, attributes: { constants }, reference });
      }
    },
  );

  it('equals the product of matrices at the size of a layer', async () => {
    await expectNoLeak(async () => {
      const constants = [0.28, NaN, NaN, 0.25];
      const { data } = features(40, 100, constants);
      const x = tf.tensor2d(data, [40, 400], 'float32');
      const weights = tf.tensor2d(uneven([400, 130], { seed: 1 }).data, [400, 130]);
      const [ours, plain] = [featureProduct(x, weights, constants), matMul(x, weights)];
      expectAllClose(await ours.data(), await plain.data(), { relative: 1e-5, absolute: 1e-5 });
      tf.dispose([x, weights, ours, plain]);
    });
  });

  it.each([[[]], [[NaN, NaN, NaN]]])('refuses features that do not fit: %j', (constants) => {
    const [x, weights] = [tf.zeros<tf.Rank.R2>([2, 4]), tf.zeros<tf.Rank.R2>([4, 2])];
    expect(() => featureProduct(x, weights, constants)).toThrow(withCode('INVALID_SHAPE'));
  });
});
