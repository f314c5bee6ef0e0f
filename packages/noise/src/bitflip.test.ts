import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectAllClose, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { bitflip } from './bitflip';

const bits = (rows: number, columns: number) =>
  tf.tensor2d(createRandom('bits').bernoulli(rows * columns, { probability: 0.5 }), [rows, columns]);

describe('bitflip', () => {
  it('flips a fifth by default', () => {
    expect(bitflip().config).toEqual({ type: 'bitflip', probability: 0.2 });
  });

  it('is recreated from its configuration', () => {
    const { config } = bitflip({ probability: 0.1 });
    expect(bitflip(JSON.parse(JSON.stringify(config))).config).toEqual(config);
  });

  it.each([0, 0.5, -0.1, NaN, '0.2', null])('refuses the probability %j', (probability) => {
    expect(() => bitflip({ probability: probability as number })).toThrow(withCode('INVALID_OPTION', 'probability'));
  });

  it.each([{ propability: 0.1 }, { standardDeviation: 0.2 }])('refuses unknown options, %j', (options) => {
    expect(() => bitflip(options as object)).toThrow(withCode('INVALID_OPTION', ...Object.keys(options)));
  });

  it.each([null, 0.2, [0.2]])('refuses options that are not an object, %j', (options) => {
    expect(() => bitflip(options as never)).toThrow(withCode('INVALID_OPTION'));
  });
});

describeBackends('bitflip', () => {
  it('flips the elements at which the random stream says so', async () => {
    const x = bits(3, 7);
    const corrupted = bitflip({ probability: 0.3 }).create({}).corrupt(x, createRandom(5));
    const flips = createRandom(5).bernoulli(21, { probability: 0.3 });
    expect(Array.from(await corrupted.data())).toEqual(
      Array.from(await x.data(), (value, i) => Math.abs(value - flips[i]!)),
    );
    expect(flips.some((flip) => flip === 1)).toBe(true);
  });

  it('flips the share that it says', async () => {
    const x = bits(100, 400);
    const corrupted = bitflip({ probability: 0.2 }).create({}).corrupt(x, createRandom(1));
    const flipped = (await tf.mean(tf.abs(tf.sub(x, corrupted))).data())[0];
    expect(Math.abs(flipped! - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / 40_000));
  });

  it('applies the sigmoid to the prediction', async () => {
    const z = bitflip()
      .create({})
      .activatePrediction(tf.tensor3d([-2, 0, 3, 100], [2, 1, 2]));
    expectAllClose(await z.data(), [1 / (1 + Math.exp(2)), 0.5, 1 / (1 + Math.exp(-3)), 1]);
  });

  it('has no parameters', () => {
    expect(bitflip().create({}).parameters()).toEqual({});
  });

  it('has an assignment likelihood for each pixel, and an error for each of its channels', async () => {
    await expectNoLeak(() => {
      const noise = bitflip().create({ channels: 3 });
      const [x, z, m] = [
        tf.ones<tf.Rank.R2>([2, 6]),
        tf.fill<tf.Rank.R3>([2, 2, 6], 0.5),
        tf.fill<tf.Rank.R3>([2, 2, 2], 0.5),
      ];
      const logM = tf.log<tf.Tensor3D>(m);
      const [L, dz, cost] = [
        noise.assignmentLikelihood(x, z),
        noise.modelingError(x, z, m, logM),
        noise.cost(x, z, m, logM),
      ];
      expect([L.shape, dz.shape, cost.shape]).toEqual([[2, 2, 2], [2, 2, 6], []]);
      tf.dispose([x, z, m, logM, L, dz, cost]);
      noise.dispose();
    });
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(() => {
      const noise = bitflip().create({});
      const [x, z] = [tf.ones<tf.Rank.R2>([2, 3]), tf.fill<tf.Rank.R3>([2, 2, 3], 0.5)];
      const corrupted = noise.corrupt(x, createRandom(1));
      tf.dispose([
        noise.assignmentLikelihood(corrupted, z),
        noise.modelingError(corrupted, z, z, z),
        noise.activatePrediction(z),
        noise.cost(x, z, z, z),
      ]);
      tf.dispose([x, z, corrupted]);
      noise.dispose();
    });
  });
});
