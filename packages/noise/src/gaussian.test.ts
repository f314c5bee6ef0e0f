import { readTree } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectAllClose, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { gaussian, type GaussianOptions } from './gaussian';
import type { NoiseEnvironment } from './noise-model';

describe('gaussian', () => {
  it('has its defaults', () => {
    expect(gaussian().config).toEqual({ type: 'gaussian', standardDeviation: 0.2, form: 'algorithm' });
  });

  it.each<GaussianOptions>([
    {},
    { standardDeviation: 0.5, form: 'exact' },
    { form: 'residual', initialVariance: 2.41 },
  ])('is recreated from its configuration, %j', (options) => {
    const { config } = gaussian(options);
    expect(gaussian(JSON.parse(JSON.stringify(config))).config).toEqual(config);
    expect(config).toMatchObject(options);
  });

  it.each([
    ['standardDeviation', 0],
    ['standardDeviation', -1],
    ['standardDeviation', Infinity],
    ['standardDeviation', '0.2'],
    ['form', 'exactly'],
    ['form', null],
    ['initialVariance', 0],
    ['initialVariance', NaN],
    ['initialVariance', '1'],
    ['probability', 0.2],
  ])('refuses %s %j', (name, value) => {
    expect(() => gaussian({ [name]: value })).toThrow(withCode('INVALID_OPTION', name));
  });
});

describeBackends('gaussian', () => {
  it.each<[string, GaussianOptions, NoiseEnvironment, number]>([
    ['the option', { initialVariance: 0.3 }, { data: { mean: 0, standardDeviation: 2 } }, 0.3],
    ['the training data', {}, { data: { mean: 0, standardDeviation: 2 } }, 4],
    ['one where it will come from a file', {}, {}, 1],
  ])('takes the initial variance from %s', async (_, options, environment, variance) => {
    const noise = gaussian(options).create(environment);
    const values = await readTree(noise.parameters());
    expect(Object.keys(values)).toEqual(['logVariance']);
    expect(values['logVariance']!.shape).toEqual([]);
    expectAllClose(values['logVariance']!.data, [Math.log(variance)]);
    noise.dispose();
  });

  it('refuses training data without variance, and leaves no tensor behind', () =>
    expectNoLeak(() => {
      expect(() => gaussian().create({ data: { mean: 1, standardDeviation: 0 } })).toThrow(withCode('INVALID_OPTION'));
    }));

  it('refuses variances whose density exceeds float32, but only in the form that computes it', () =>
    expectNoLeak(() => {
      const options = { standardDeviation: 1e-3, initialVariance: 1e-6 };
      expect(() => gaussian(options).create({ channels: 24 })).toThrow(withCode('INVALID_OPTION', 'exact'));
      for (const form of ['exact', 'residual'] as const)
        gaussian({ ...options, form })
          .create({ channels: 24 })
          .dispose();
      gaussian(options).create({ channels: 12 }).dispose();
    }));

  it('trains the variance, and makes one for each model', () => {
    const component = gaussian();
    const [a, b] = [component.create({}), component.create({})];
    expect(a.parameters()['logVariance']!.trainable).toBe(true);
    expect(a.parameters()['logVariance']).toBe(a.parameters()['logVariance']);
    expect(a.parameters()['logVariance']).not.toBe(b.parameters()['logVariance']);
    a.dispose();
    b.dispose();
  });

  it('adds the normal numbers of the random stream', async () => {
    const x = tf.tensor2d([0, 1, -2, 0.5, 3, 4], [2, 3]);
    const noise = gaussian({ standardDeviation: 0.3 }).create({});
    const corrupted = noise.corrupt(x, createRandom(5));
    const added = createRandom(5).normal(6, { standardDeviation: 0.3 });
    expectAllClose(
      await corrupted.data(),
      (await x.data()).map((value, i) => value + added[i]!),
    );
    noise.dispose();
  });

  it('adds noise of the standard deviation that it says', async () => {
    const noise = gaussian({ standardDeviation: 0.2 }).create({});
    const corrupted = await noise.corrupt(tf.zeros([100, 400]), createRandom(1)).data();
    const variance = Array.from(corrupted).reduce((sum, value) => sum + value ** 2, 0) / corrupted.length;
    expect(Math.abs(variance / 0.04 - 1)).toBeLessThan(4 * Math.sqrt(2 / 40_000));
    noise.dispose();
  });

  it('uses the prediction unchanged', () => {
    const noise = gaussian().create({});
    const zhat = tf.tensor3d([[[-3, 5]]]);
    expect(noise.activatePrediction(zhat)).toBe(zhat);
    noise.dispose();
  });

  it('passes its form and standard deviation on', async () => {
    const [x, z, m, logM] = [tf.tensor2d([[1]]), tf.tensor3d([[[0.5]]]), tf.tensor3d([[[1]]]), tf.tensor3d([[[0]]])];
    const s = 1 + 0.3 ** 2;
    const density = Math.exp(-(0.5 ** 2) / (2 * s)) / Math.sqrt(2 * Math.PI * s);
    for (const [form, expected] of [
      ['algorithm', 0.5 * density],
      ['exact', 0.5 / s],
      ['residual', 0.5],
    ] as const) {
      const noise = gaussian({ standardDeviation: 0.3, form, initialVariance: 1 }).create({});
      expectAllClose(await noise.modelingError(x, z, m, logM).data(), [expected]);
      noise.dispose();
    }
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const noise = gaussian().create({});
      const [x, z] = [tf.ones<tf.Rank.R2>([2, 3]), tf.fill<tf.Rank.R3>([2, 2, 3], 0.5)];
      const corrupted = noise.corrupt(x, createRandom(1));
      tf.dispose([
        noise.assignmentLikelihood(corrupted, z),
        noise.modelingError(corrupted, z, z, z),
        noise.cost(x, z, z, z),
      ]);
      tf.dispose([x, z, corrupted]);
      noise.dispose();
    }));
});
