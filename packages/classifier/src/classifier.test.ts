import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';
import { ladderNetwork } from '@taggerjs/ladder';
import { readTree } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import { decodeSafetensors, encodeSafetensors } from '@taggerjs/weights';
import * as tf from '@tensorflow/tfjs-core';

import { classTargets } from './class-targets';
import { createClassifier } from './classifier';
import { calibrateClassifier, classify } from './classify';
import { loadClassifier, saveClassifier } from './saved-classifier';

const registries = { networks: { 'ladder-network': ladderNetwork } };
const network = ladderNetwork({ sizes: [6], costWeights: [1, 1, 1] });
const small = (seed = 1) => createClassifier({ inputShape: [2, 3], classes: 4, network, seed });
const inputs = createRandom(2).normal(10 * 6);

describeBackends('a classifier', () => {
  it('classifies the same for every batch size, and after saving and loading', () =>
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

  it('discards older statistics when it is calibrated again', () =>
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

  it('has other initial values with another seed', async () => {
    const [one, same, other] = [small(1), small(1), small(2)];
    expect(await readTree(same.parameters())).toEqual(await readTree(one.parameters()));
    expect(await readTree(other.parameters())).not.toEqual(await readTree(one.parameters()));
    for (const classifier of [one, same, other]) classifier.dispose();
  });

  it('takes parameters by name', async () => {
    const [one, other] = [small(1), small(2)];
    other.setParameters(one.parameters());
    expect(await readTree(other.parameters())).toEqual(await readTree(one.parameters()));
    expect(() => other.setParameters({})).toThrow(expect.objectContaining({ code: 'PARAMETER_MISMATCH' }));
    one.dispose();
    other.dispose();
  });

  it.each<[string, object]>([
    ['an empty shape', { inputShape: [] }],
    ['one class', { classes: 1 }],
    ['a misspelled option', { class: 4 }],
  ])('refuses %s', (_, options) => {
    expect(() => createClassifier({ inputShape: [2, 3], classes: 4, network, ...options })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });

  it('refuses incomplete inputs, wrong options, and no batches', async () => {
    const classifier = small();
    await expect(classify(classifier, new Float32Array(7))).rejects.toMatchObject({ code: 'INVALID_SHAPE' });
    for (const options of [{ batchSize: 0 }, { batchsize: 3 }, { statistics: 'running' }] as object[]) {
      await expect(classify(classifier, inputs, options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    }
    await expect(calibrateClassifier(classifier, [])).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    classifier.dispose();
  });

  it('refuses files of another kind', async () => {
    const classifier = small();
    await expect(saveClassifier(classifier, { metadata: { config: '' } })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
    const { tensors, metadata } = decodeSafetensors(await saveClassifier(classifier));
    classifier.dispose();
    const file = (changed: Record<string, string>, others = tensors) =>
      encodeSafetensors(others, { metadata: { ...metadata, ...changed } });
    const load = (bytes: Uint8Array) => () => loadClassifier(bytes, { registries });
    const refusal = (code: string) => expect.objectContaining({ code });
    expect(load(file({ format: 'taggerjs' }))).toThrow(refusal('INVALID_FILE'));
    expect(load(file({ version: '9' }))).toThrow(refusal('UNSUPPORTED_VERSION'));
    expect(load(file({ config: '{' }))).toThrow(refusal('INVALID_FILE'));
    const huge = metadata['config']!.replace(/"sizes":\[[^\]]*\]/, '"sizes":[1000000000]');
    expect(huge).not.toBe(metadata['config']);
    expect(load(file({ config: huge }))).toThrow(refusal('PARAMETER_MISMATCH'));
    expect(load(file({ config: '{"classes":4}' }))).toThrow(refusal('INVALID_FILE'));
    expect(() => loadClassifier(file({}))).toThrow(refusal('UNKNOWN_TYPE'));
    const { W_1: _missing, ...rest } = tensors;
    const before = tf.memory().numTensors;
    expect(load(file({}, rest))).toThrow(refusal('PARAMETER_MISMATCH'));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('classTargets', () => {
  it('counts the objects of each class', () => {
    expect([...classTargets([0, 2, 1], { size: 3, classes: 3 })]).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 0]);
    expect([...classTargets([0, 2, 1, 1], { size: 2, classes: 3 })]).toEqual([1, 0, 1, 0, 2, 0]);
  });

  it('refuses labels that do not fit', () => {
    expect(() => classTargets([0, 1, 2], { size: 2, classes: 3 })).toThrow(
      expect.objectContaining({ code: 'INVALID_SHAPE' }),
    );
    expect(() => classTargets([0, 3], { size: 2, classes: 3 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});
