import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { checkOperation, filled } from '../../testing';
import { stackFeaturesReference as reference } from '../../testing/references/layout';
import { stackFeatures, stackFeaturesGradientOperation, stackFeaturesOperation } from './stack-features';

describeBackends('stackFeatures', () => {
  it.each([
    [1, 1, 1, 1],
    [4, 1, 1, 1],
    [1, 2, 3, 5],
    [4, 2, 3, 5],
    [12, 1, 2, 3],
  ])('puts %i features of shape [%i, %i, %i] side by side', async (count, groups, batch, size) => {
    const inputs = Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`feature_${i}`, filled([groups, batch, size], i)]),
    );
    await checkOperation(stackFeaturesOperation, { inputs, attributes: { groups, batch, size }, reference });
  });

  it.each([
    [[2, 1, 2, 1], 2, 2, 3],
    [[3, 1, 3, 1], 1, 2, 1],
    [[1, 4], 2, 1, 5],
  ])('splits the channels of features into planes, %j', async (planes, groups, batch, size) => {
    const inputs = Object.fromEntries(
      planes.map((count, i) => [`feature_${i}`, filled([groups, batch, size * count], i)]),
    );
    const attributes = { groups, batch, size, channels: Math.max(...planes), planes };
    await checkOperation(stackFeaturesOperation, { inputs, attributes, reference });
  });

  it('has z_1 .. z_C, m, dz_1 .. dz_C, L of two pixels', async () => {
    const row = (values: number[]) => tf.tensor3d(values, [1, 1, values.length]);
    const features = [row([1, 2, 3, 4]), row([5, 6]), row([7, 8, 9, 10]), row([11, 12])];
    const stacked = stackFeatures(features, { channels: 2 });
    expect(await stacked.array()).toEqual([[1, 3, 2, 4, 5, 6, 7, 9, 8, 10, 11, 12]]);
    expect(() => stackFeatures(features, { channels: 3 })).toThrow(withCode('INVALID_SHAPE'));
    expect(() => stackFeatures([features[0]!], { channels: 3 })).toThrow(withCode('INVALID_SHAPE'));
    tf.dispose([...features, stacked]);
  });

  it('keeps the order of the list', async () => {
    const features = [1, 2, 3, 4].map((value) => tf.fill([2, 1, 1], value) as tf.Tensor3D);
    const stacked = stackFeatures(features);
    expect(await stacked.array()).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    tf.dispose([...features, stacked]);
  });

  it('accepts the same tensor twice, and adds both gradients', async () => {
    const x = tf.ones<tf.Rank.R3>([1, 1, 2]);
    const dy = tf.tensor2d([[1, 2, 10, 20]]);
    const { value, grads } = tf.engine().gradients(() => stackFeatures([x, x]), [x], dy);
    expect(Array.from(await grads[0]!.data())).toEqual([11, 22]);
    tf.dispose([x, dy, value, ...grads]);
  });

  it('refuses an empty list, and features of different shapes', () => {
    const [a, b] = [tf.zeros<tf.Rank.R3>([2, 3, 4]), tf.zeros<tf.Rank.R3>([2, 3, 5])];
    expect(() => stackFeatures([])).toThrow(withCode('INVALID_SHAPE'));
    expect(() => stackFeatures([a, b])).toThrow(withCode('INVALID_SHAPE', 'feature_1'));
    tf.dispose([a, b]);
  });

  it('refuses a gradient with fewer columns than planes, which a kernel would read beyond its end', () => {
    const dy = tf.zeros<tf.Rank.R2>([2, 6]);
    const attributes = { groups: 1, batch: 2, size: 2, channels: 3 };
    expect(() => stackFeaturesGradientOperation({ dy }, { ...attributes, planes: [3, 1] })).toThrow(
      withCode('INVALID_SHAPE'),
    );
    tf.dispose([dy, stackFeaturesGradientOperation({ dy }, { ...attributes, planes: [2, 1] })]);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const x = tf.ones<tf.Rank.R3>([2, 3, 4]);
      tf.dispose([x, stackFeatures([x, x])]);
    }));
});
