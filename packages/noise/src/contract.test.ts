import { groupSoftmax, type Registry } from '@taggerjs/nn';
import { createRandom, type Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';

import type { NoiseComponent, NoiseEnvironment, NoiseModel } from './noise-model';
import { noiseModels } from './noise-models';

/** A noise model that this package does not know, as a user would write it: counts, and noise that adds counts. */
function poisson({ rate = 0.5 }: { readonly rate?: number } = {}): NoiseComponent {
  const softmaxOverGroups = (logits: tf.Tensor): tf.Tensor3D =>
    tf.exp(tf.sub(logits, tf.logSumExp(logits, 0, true))) as tf.Tensor3D;
  /** log Poisson(counts; mean), without log counts!, which is the same for every group. */
  const logPoisson = (counts: tf.Tensor, mean: tf.Tensor) => tf.sub(tf.mul(counts, tf.log(mean)), mean);

  const create = (): NoiseModel => ({
    corrupt: (x, random) => tf.tidy(() => tf.add(x, tf.tensor2d(poissonNumbers(random, x.size, rate), x.shape))),
    assignmentLikelihood: (corrupted, z) => tf.tidy(() => softmaxOverGroups(logPoisson(corrupted, tf.add(z, rate)))),
    modelingError: (corrupted, z, _m, logM) =>
      tf.tidy(() => {
        const mean = tf.add(z, rate);
        const posterior = softmaxOverGroups(tf.add(logPoisson(corrupted, mean), logM));
        return tf.mul(posterior, tf.sub(tf.div(corrupted, mean), 1));
      }),
    activatePrediction: (zhat) => tf.tidy(() => tf.add(tf.softplus(zhat), 1e-3)),
    cost: (x, z, _m, logM) =>
      tf.tidy(() => tf.neg(tf.mean<tf.Scalar>(tf.logSumExp(tf.add(logPoisson(x, z), logM), 0)))),
    parameters: () => ({}),
    dispose: () => undefined,
  });
  return { config: { type: 'poisson', rate }, create };
}

/** Poisson numbers by inversion: how many terms of the distribution function are below a uniform number. */
function poissonNumbers(random: Random, count: number, rate: number): Float32Array {
  return random.uniform(count).map((uniform) => {
    let number = 0;
    let probability = Math.exp(-rate);
    for (let below = probability; below < uniform; below += probability) probability *= rate / ++number;
    return number;
  });
}

const registry: Registry<NoiseModel, NoiseEnvironment> = { ...noiseModels, poisson };
const [K, B, N] = [3, 4, 10];

/** Inputs that any of the models takes: zeros and ones. */
const input = () => tf.tensor2d(createRandom('x').bernoulli(B * N, { probability: 0.4 }), [B, N]);
const logits = (label: string) => tf.tensor3d(createRandom(label).normal(K * B * N), [K, B, N]);

describeBackends('a noise model', () => {
  describe.each(Object.keys(registry))("'%s'", (type) => {
    let noise: NoiseModel;
    beforeEach(() => {
      noise = registry[type]!().create({ data: { mean: 0.4, standardDeviation: 0.5 } });
    });
    afterEach(() => noise.dispose());

    it('is recreated from its JSON', () => {
      const { config } = registry[type]!();
      expect(config.type).toBe(type);
      expect(registry[type]!(JSON.parse(JSON.stringify(config))).config).toEqual(config);
    });

    it('corrupts a copy, the same from the same random stream', async () => {
      const x = input();
      const before = await x.data();
      const [first, again, other] = [1, 1, 2].map((seed) => noise.corrupt(x, createRandom(seed)));
      expect(first!.shape).toEqual([B, N]);
      expect(await first!.data()).toEqual(await again!.data());
      expect(await first!.data()).not.toEqual(await other!.data());
      expect(await first!.data()).not.toEqual(before);
      expect(await x.data()).toEqual(before);
    });

    it('gives a likelihood that is greatest where the prediction is right', async () => {
      const x = input();
      const wrong = tf.sub<tf.Tensor2D>(1, x);
      const z = tf.stack([wrong, x, wrong]) as tf.Tensor3D;
      const L = noise.assignmentLikelihood(x, z);
      expect(L.shape).toEqual([K, B, N]);
      expectAllClose(await tf.sum(L, 0).data(), new Array<number>(B * N).fill(1));
      expect(new Set(await tf.argMax(L, 0).data())).toEqual(new Set([1]));
    });

    it('gives an error that points from the prediction to the input', async () => {
      const { m, logM } = groupSoftmax(logits('m'));
      const x = input();
      const dz = noise.modelingError(x, tf.fill([K, B, N], 0.3), m, logM);
      expect(dz.shape).toEqual([K, B, N]);
      expect(await tf.sign(dz).data()).toEqual(await tf.tile(tf.expandDims(tf.sub(tf.mul(x, 2), 1)), [K, 1, 1]).data());
    });

    it('has a cost that learning lowers, with finite gradients', async () => {
      const x = input();
      const zhat = tf.variable(logits('z'));
      const mhat = tf.variable(logits('m'));
      const trained = [zhat, mhat, ...Object.values(noise.parameters())];
      const costs: number[] = [];
      for (let step = 0; step < 30; step++) {
        const { value, grads } = tf.variableGrads(() => {
          const { m, logM } = groupSoftmax(mhat as tf.Tensor as tf.Tensor3D);
          return noise.cost(x, noise.activatePrediction(zhat as tf.Tensor as tf.Tensor3D), m, logM);
        }, trained);
        expect(Object.keys(grads)).toHaveLength(trained.length);
        costs.push((await value.data())[0]!);
        for (const variable of trained) {
          const gradient = grads[variable.name]!;
          expect((await gradient.data()).every(Number.isFinite)).toBe(true);
          tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(gradient, variable.rank === 0 ? 0.1 : 5))));
        }
        tf.dispose([value, grads]);
      }
      expect(costs.every(Number.isFinite)).toBe(true);
      expect(costs.at(-1)).toBeLessThan(costs[0]! - 0.1);
      tf.dispose([zhat, mhat]);
    });

    it('serves the TAG loop: from corrupted input to the gradient of its cost, through dz and L', async () => {
      const x = input();
      const corrupted = noise.corrupt(x, createRandom(1));
      const { m, logM } = groupSoftmax(logits('m'));
      // In place of a core: zhat and mhat are functions of dz and L, so that gradients flow through both.
      const iterate = (zhat: tf.Tensor) => {
        const z = noise.activatePrediction(zhat as tf.Tensor3D);
        const dz = noise.modelingError(corrupted, z, m, logM);
        const L = noise.assignmentLikelihood(corrupted, z);
        const next = groupSoftmax(tf.add(dz, L));
        return noise.cost(x, noise.activatePrediction(tf.sub(L, dz)), next.m, next.logM);
      };
      const gradient = await tf.grad(iterate)(logits('z')).data();
      expect(gradient).toHaveLength(K * B * N);
      expect(gradient.every(Number.isFinite)).toBe(true);
      expect(gradient.some((value) => value !== 0)).toBe(true);
    });

    it('leaves no tensor behind', () =>
      expectNoLeak(() => {
        const model = registry[type]!().create({});
        const [x, z] = [input(), tf.fill<tf.Rank.R3>([K, B, N], 0.5)];
        const { m, logM } = groupSoftmax(z);
        const corrupted = model.corrupt(x, createRandom(1));
        const made = [
          model.assignmentLikelihood(corrupted, z),
          model.modelingError(corrupted, z, m, logM),
          model.activatePrediction(z),
          model.cost(x, z, m, logM),
        ];
        tf.dispose([made, x, z, m, logM, corrupted]);
        model.dispose();
      }));
  });
});
