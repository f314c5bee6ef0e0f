import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import { assignTree, readTree } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { createClassifier } from './classifier';
import { calibrateClassifier, classify } from './classify';
import { convNetwork } from './conv-network';
import { loadClassifier, saveClassifier } from './saved-classifier';

const network = convNetwork({ stages: [[3], [4, 2]] });
const small = (component = network) =>
  createClassifier({ inputShape: [4, 4], classes: 3, network: component, seed: 1 });
const inputs = createRandom(2).normal(6 * 16);
const targets = [0, 1, 2, 0, 1, 2].map((label) => [0, 1, 2].map((c) => (c === label ? 1 : 0)));

/** Gives the rows of a step to a function, and frees them. */
async function withRows<T>(use: (rows: { labeled: tf.Tensor2D; targets: tf.Tensor2D }) => Promise<T>): Promise<T> {
  const rows = { labeled: tf.tensor2d(inputs, [6, 16]), targets: tf.tensor2d(targets) };
  try {
    return await use(rows);
  } finally {
    tf.dispose(rows);
  }
}

describeBackends('convNetwork', () => {
  it('has gradients that are those of its cost, of every parameter', () =>
    expectNoLeak(async () => {
      const classifier = small();
      const tree = classifier.parameters();
      await withRows(async (rows) => {
        const cost = () => classifier.cost(rows, { random: createRandom(3) }).cost;
        const value = async () => {
          const result = tf.tidy(cost);
          const [number] = await result.data();
          result.dispose();
          return number!;
        };
        const { grads, value: at } = tf.variableGrads(cost, Object.values(tree));
        const start = await readTree(tree);
        for (const [name, variable] of Object.entries(tree)) {
          const gradient = Float32Array.from(await grads[variable.name]!.data());
          const length = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
          expect(length).toBeGreaterThan(0);
          const along = async (step: number) => {
            const { shape, data } = start[name]!;
            const moved = { shape, data: data.map((x, i) => x + (step * gradient[i]!) / length) };
            assignTree(tree, { ...start, [name]: moved });
            return value();
          };
          const slope = ((await along(2e-3)) - (await along(-2e-3))) / 4e-3;
          assignTree(tree, start);
          expect(Math.abs(slope / length - 1)).toBeLessThan(0.03);
        }
        tf.dispose([at, ...Object.values(grads)]);
      });
      classifier.dispose();
    }));

  it('classifies as it was calibrated, whatever the size of the batches, and after it was saved', () =>
    expectNoLeak(async () => {
      const classifier = small();
      await expect(classify(classifier, inputs)).rejects.toMatchObject({ code: 'NOT_CALIBRATED' });
      await calibrateClassifier(classifier, [{ inputs }]);
      const all = await classify(classifier, inputs);
      for (let i = 0; i < 6; i++) expect(all[3 * i]! + all[3 * i + 1]! + all[3 * i + 2]!).toBeCloseTo(1, 5);
      const single = await classify(classifier, inputs, { batchSize: 1 });
      all.forEach((value, i) => expect(single[i]).toBeCloseTo(value, 5));
      const loaded = loadClassifier(await saveClassifier(classifier), {
        registries: { networks: { 'conv-network': convNetwork } },
      });
      expect(await classify(loaded, inputs)).toEqual(all);
      loaded.dispose();
      classifier.dispose();
    }));

  it('adds noise that depends on the step to labeled inputs', async () => {
    const classifier = small(convNetwork({ stages: [[3]], noiseStandardDeviation: 0.5 }));
    await withRows(async (rows) => {
      const cost = async (seed: number) => {
        const { cost: total, classificationCost } = classifier.cost(rows, { random: createRandom(seed) });
        const [value] = await total.data();
        tf.dispose([total, classificationCost]);
        return value;
      };
      expect(await cost(1)).toBe(await cost(1));
      expect(await cost(2)).not.toBe(await cost(1));
    });
    classifier.dispose();
  });

  it('refuses rows of another size', async () => {
    const classifier = small();
    const x = tf.zeros<tf.Rank.R2>([2, 15]);
    expect(() => classifier.predict(x, { statistics: 'batch' })).toThrow(withCode('INVALID_SHAPE'));
    x.dispose();
    classifier.dispose();
  });
});

describe('convNetwork', () => {
  it.each<object>([
    {},
    { stages: [] },
    { stages: [[3], []] },
    { stages: [[3], [1.5]] },
    { stages: [[3]], noiseStandardDeviation: -1 },
    { stages: [[3]], dropout: 1 },
  ])('refuses %j', (options) => {
    expect(() => convNetwork(options as never)).toThrow(withCode('INVALID_OPTION'));
  });

  it('refuses inputs that cannot be halved', async () => {
    await tf.setBackend('cpu');
    const network = convNetwork({ stages: [[1], [1], [1]] });
    expect(() => createClassifier({ inputShape: [4, 6], classes: 3, network })).toThrow(withCode('INVALID_OPTION'));
  });
});
