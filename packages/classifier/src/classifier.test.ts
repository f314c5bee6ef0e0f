import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';
import { ladderNetwork } from '@taggerjs/ladder';
import { readTree } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import { decodeSafetensors, encodeSafetensors } from '@taggerjs/weights';
import * as tf from '@tensorflow/tfjs-core';

import { classTargets } from './class-targets';
import { createClassifier, type ClassifierOptions } from './classifier';
import { calibrateClassifier, classify } from './classify';
import { loadClassifier, saveClassifier } from './saved-classifier';

const registries = { networks: { 'ladder-network': ladderNetwork } };
const network = ladderNetwork({ sizes: [6], costWeights: [1, 1, 1] });
const small = (seed = 1) => createClassifier({ inputShape: [2, 3], classes: 4, network, seed });
const inputs = createRandom(2).normal(10 * 6);

describeBackends('a classifier', () => {
  it('classifies as it was calibrated, whatever the size of the batches, and after it was saved', () =>
    expectNoLeak(async () => {
      const classifier = small();
      await expect(classify(classifier, inputs)).rejects.toMatchObject({ code: 'NOT_CALIBRATED' });
      await calibrateClassifier(classifier, [{ inputs: inputs.slice(0, 36) }, { inputs: inputs.slice(36) }]);
      const all = await classify(classifier, inputs);
      expect(all).toHaveLength(40);
      const bySteps = await classify(classifier, inputs, { batchSize: 3 });
      all.forEach((value, i) => expect(bySteps[i]).toBeCloseTo(value, 5));

      const bytes = await saveClassifier(classifier, { metadata: { recipe: 'mine' } });
      const loaded = loadClassifier(bytes, { registries });
      expect(loaded.config).toEqual(classifier.config);
      expect(await readTree(loaded.parameters())).toEqual(await readTree(classifier.parameters()));
      expect(await classify(loaded, inputs)).toEqual(all);
      loaded.dispose();
      classifier.dispose();
    }));

  it('forgets older statistics when it is calibrated again', () =>
    expectNoLeak(async () => {
      const classifier = small();
      await calibrateClassifier(classifier, [{ inputs: createRandom(9).normal(60) }]);
      await calibrateClassifier(classifier, [{ inputs }]);
      const again = await classify(classifier, inputs);
      const once = small();
      await calibrateClassifier(once, [{ inputs }]);
      expect(await classify(once, inputs)).toEqual(again);
      once.dispose();
      classifier.dispose();
    }));
});

describe('a classifier', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('has other first values with another seed', async () => {
    const [one, same, other] = [small(1), small(1), small(2)];
    expect(await readTree(same.parameters())).toEqual(await readTree(one.parameters()));
    expect(await readTree(other.parameters())).not.toEqual(await readTree(one.parameters()));
    for (const classifier of [one, same, other]) classifier.dispose();
  });

  it.each<[string, Partial<ClassifierOptions>, RegExp]>([
    ['a shape that is none', { inputShape: [] }, /inputShape must be one or more positive integers/],
    ['one class', { classes: 1 }, /classes must be an integer of at least 2, not 1/],
  ])('refuses %s', (_, options, message) => {
    expect(() => createClassifier({ inputShape: [2, 3], classes: 4, network, ...options })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    );
  });

  it('refuses inputs that are no whole number of examples, and no examples at all', async () => {
    const classifier = small();
    await expect(classify(classifier, new Float32Array(7))).rejects.toThrow(
      /7 values are no whole number of inputs of 6/,
    );
    await expect(classify(classifier, inputs, { batchSize: 0 })).rejects.toThrow(
      /batchSize must be a positive integer/,
    );
    await expect(calibrateClassifier(classifier, [])).rejects.toThrow(/no batch to calibrate on/);
    classifier.dispose();
  });

  it('refuses files of something else, with their reasons', async () => {
    const classifier = small();
    await expect(saveClassifier(classifier, { metadata: { config: '' } })).rejects.toThrow(/metadata 'config'/);
    const { tensors, metadata } = decodeSafetensors(await saveClassifier(classifier));
    classifier.dispose();
    const file = (changed: Record<string, string>, others = tensors) =>
      encodeSafetensors(others, { metadata: { ...metadata, ...changed } });
    const load = (bytes: Uint8Array) => () => loadClassifier(bytes, { registries });
    expect(load(file({ format: 'taggerjs' }))).toThrow(/not a saved classifier/);
    expect(load(file({ version: '9' }))).toThrow(/format version 9/);
    expect(load(file({ config: '{' }))).toThrow(/not JSON/);
    const huge = metadata['config']!.replace(/"sizes":\[[^\]]*\]/, '"sizes":[1000000000]');
    expect(huge).not.toBe(metadata['config']);
    expect(load(file({ config: huge }))).toThrow(expect.objectContaining({ code: 'PARAMETER_MISMATCH' }));
    expect(load(file({ config: '{"classes":4}' }))).toThrow(/lacks inputShape, network/);
    expect(() => loadClassifier(file({}))).toThrow(expect.objectContaining({ code: 'UNKNOWN_TYPE' }));
    const { W_1: _missing, ...rest } = tensors;
    const before = tf.memory().numTensors;
    expect(load(file({}, rest))).toThrow(/'W_1' \[6,6\] is missing/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('classTargets', () => {
  it('counts the objects of each class', () => {
    expect([...classTargets([0, 2, 1], { size: 3, classes: 3 })]).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 0]);
    expect([...classTargets([0, 2, 1, 1], { size: 2, classes: 3 })]).toEqual([1, 0, 1, 0, 2, 0]);
  });

  it('refuses labels that do not fit', () => {
    expect(() => classTargets([0, 1, 2], { size: 2, classes: 3 })).toThrow(/3 labels are no whole number/);
    expect(() => classTargets([0, 3], { size: 2, classes: 3 })).toThrow(/from 0 to 2, not 3, the label of example 1/);
  });
});
