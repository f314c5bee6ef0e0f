import { describeBackends, expectAllClose, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import { countValues, readTree } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { ladderNetwork, type LadderNetworkOptions } from './ladder-network';

const environment = { inputShape: [3, 4], classes: 3, random: createRandom(1) };
const full = { sizes: [8, 6], costWeights: [10, 1, 0.1, 0.1] };
const rows = (count: number, seed = 2) => tf.tensor2d(createRandom(seed).normal(count * 12), [count, 12]);
const targets = () => tf.tensor2d([1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 2], [4, 3]);

describeBackends('ladderNetwork', () => {
  it('repeats a step bit for bit, and uses different noise in another step', () =>
    expectNoLeak(async () => {
      const network = ladderNetwork(full).create(environment);
      const inputs = { labeled: rows(4), targets: targets(), unlabeled: rows(7, 3) };
      const costs = [];
      for (const step of [0, 0, 1]) {
        const output = network.cost(inputs, { random: createRandom(5).fork(step) });
        costs.push((await output.cost.data())[0]);
        tf.dispose(output);
      }
      expect(costs[1]).toBe(costs[0]);
      expect(costs[2]).not.toBe(costs[0]);
      tf.dispose(inputs);
      network.dispose();
    }));

  it('normalizes the halves separately: the labeled cost does not depend on unlabeled rows', () =>
    expectNoLeak(async () => {
      const network = ladderNetwork(full).create(environment);
      const costs = [];
      for (const seed of [3, 4]) {
        const inputs = { labeled: rows(4), targets: targets(), unlabeled: rows(7, seed) };
        const output = network.cost(inputs, { random: createRandom(5) });
        costs.push([(await output.classificationCost.data())[0], (await output.denoisingCosts[1]!.data())[0]]);
        tf.dispose([inputs, output]);
      }
      expect(costs[1]![0]).toBe(costs[0]![0]);
      expect(costs[1]![1]).not.toBe(costs[0]![1]);
      network.dispose();
    }));

  it('without noise, classifies corrupted rows as prediction classifies clean ones', () =>
    expectNoLeak(async () => {
      const network = ladderNetwork({ ...full, noiseStandardDeviation: 0 }).create(environment);
      const inputs = { labeled: rows(4), targets: targets(), unlabeled: rows(7) };
      const output = network.cost(inputs, { random: createRandom(5) });
      const predicted = network.predict(inputs.labeled, { statistics: 'batch' });
      expectAllClose(await output.posterior.data(), await predicted.data());
      tf.dispose([inputs, output, predicted]);
      network.dispose();
    }));

  it('calibrated, classifies an example independently of its batch', () =>
    expectNoLeak(async () => {
      const network = ladderNetwork(full).create(environment);
      const x = rows(9);
      expect(() => network.predict(x, { statistics: 'calibrated' })).toThrow(
        expect.objectContaining({ code: 'NOT_CALIBRATED' }),
      );
      const calibrating = network.predict(x, { statistics: 'calibrate' });
      const together = network.predict(x, { statistics: 'calibrated' });
      // For the rows it was calibrated on, the batch statistics are the same.
      expectAllClose(await together.data(), await calibrating.data());
      const one = tf.tidy(() => network.predict(tf.slice(x, [4, 0], [1, 12]), { statistics: 'calibrated' }));
      expectAllClose(await one.data(), (await together.data()).slice(12, 15));
      expect(Object.keys(network.state())).toContain('s_3/iteration_0/mean');
      network.prepareState({});
      expect(network.state()).toEqual({});
      tf.dispose([x, calibrating, together, one]);
      network.dispose();
    }));
});

describe('ladderNetwork', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('has the sizes of the paper, and a decoder only as far down as there are costs', () => {
    const sizes = [1000, 500, 250, 250, 250];
    const count = (costWeights: number[]) => {
      const network = ladderNetwork({ sizes, costWeights }).create({
        ...environment,
        inputShape: [28, 28],
        classes: 10,
      });
      const found = { values: countValues(network.parameters()), names: Object.keys(network.parameters()) };
      network.dispose();
      return found;
    };
    const weights = 784 * 1000 + 1000 * 500 + 500 * 250 + 2 * 250 * 250 + 250 * 10;
    const units = 1000 + 500 + 3 * 250 + 10;
    const paper = count([1000, 10, 0.1, 0.1, 0.1, 0.1, 0.1]);
    expect(paper.values).toBe(2 * weights + units + 10 + 10 * (784 + units));
    const gamma = count([0, 0, 0, 0, 0, 0, 1]);
    expect(gamma.values).toBe(weights + units + 10 + 10 * 10);
    expect(gamma.names.filter((name) => /^V|^a/.test(name))).toEqual(
      Array.from({ length: 10 }, (_, i) => `a${i + 1}_6`),
    );
    expect(count([0, 0, 0, 0, 0, 0, 0]).values).toBe(weights + units + 10);
  });

  it('is rebuilt by its config, with the same first values', async () => {
    const component = ladderNetwork({ ...full, noiseStandardDeviation: 0.2, gate: 'sigmoid' });
    const { type, ...options } = JSON.parse(JSON.stringify(component.config));
    expect(type).toBe('ladder-network');
    const [one, other] = [component.create(environment), ladderNetwork(options).create(environment)];
    expect(await readTree(other.parameters())).toEqual(await readTree(one.parameters()));
    one.dispose();
    other.dispose();
  });

  it('needs unlabeled rows for denoising costs, and none without', async () => {
    const network = ladderNetwork(full).create(environment);
    const plain = ladderNetwork({ ...full, costWeights: [0, 0, 0, 0] }).create(environment);
    const inputs = { labeled: rows(4), targets: targets() };
    expect(() => network.cost(inputs, { random: createRandom(0) })).toThrow(withCode('INVALID_OPTION'));
    const output = plain.cost(inputs, { random: createRandom(0) });
    expect(output.denoisingCosts).toEqual([]);
    expect(await output.cost.data()).toEqual(await output.classificationCost.data());
    const misshapen = tf.zeros<tf.Rank.R2>([4, 11]);
    expect(() => network.predict(misshapen, { statistics: 'batch' })).toThrow(
      'LadderNetwork: x must be [rows, 12], one input each, not [4,11]',
    );
    tf.dispose([inputs, output, misshapen]);
    network.dispose();
    plain.dispose();
  });

  it('refuses a half of one row, which batch normalization turns into zeros', () => {
    const network = ladderNetwork(full).create(environment);
    const [one, four, own] = [rows(1), rows(4), targets()];
    const first = tf.tensor2d([1, 0, 0], [1, 3]);
    for (const [name, inputs] of [
      ['labeled', { labeled: one, targets: first, unlabeled: four }],
      ['unlabeled', { labeled: four, targets: own, unlabeled: one }],
    ] as const) {
      expect(() => network.cost(inputs, { random: createRandom(0) })).toThrow(withCode('INVALID_SHAPE', name));
    }
    tf.dispose([one, four, own, first]);
    network.dispose();
  });

  it.each<[string, unknown]>([
    ['no options', undefined],
    ['weights that do not fit', { sizes: [5], costWeights: [1, 1] }],
    ['a negative weight', { sizes: [5], costWeights: [1, -1, 1] }],
    ['negative noise', { sizes: [5], costWeights: [1, 1, 1], noiseStandardDeviation: -1 }],
    ['an unknown gate', { sizes: [5], costWeights: [1, 1, 1], gate: 'tanh' }],
    ['a misspelled option', { sizes: [5], costWeights: [1, 1, 1], noise: 1 }],
  ])('refuses %s', (_, options) => {
    expect(() => ladderNetwork(options as LadderNetworkOptions)).toThrow(withCode('INVALID_OPTION'));
  });
});
