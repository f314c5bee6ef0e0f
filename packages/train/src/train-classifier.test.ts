import { createClassifier, type Classifier } from '@taggerjs/classifier';
import { inMemoryDataset, take, type Dataset } from '@taggerjs/datasets';
import { ladderNetwork } from '@taggerjs/ladder';
import { readTree } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { decodeCheckpoint, encodeCheckpoint } from './checkpoint/checkpoint';
import type { ClassifierEvaluation } from './evaluation/evaluate-classifier';
import { evaluateClassifier } from './evaluation/evaluate-classifier';
import type { TrainEvent } from './loop/events';
import { trainClassifier, type TrainClassifierOptions } from './train-classifier';
import type { TrainingState } from './checkpoint/training-state';

/** Three classes in turn, each around its own center in eight dimensions. */
function clusters(size = 120, seed = 1): Dataset {
  const centers = createRandom('centers').normal(3 * 8);
  const noise = createRandom(seed).normal(size * 8, { standardDeviation: 0.4 });
  const inputs = noise.map((value, i) => value + (centers[(Math.floor(i / 8) % 3) * 8 + (i % 8)] as number));
  const labels = Uint8Array.from({ length: size }, (_, i) => i % 3);
  return inMemoryDataset({ name: 'clusters', inputShape: [8], inputs, labels });
}

const dataset = clusters();
const labeled = take(dataset, 6);
const validation = clusters(90, 2);

const small = (seed = 0, costWeights = [1, 0.5, 0.1]) =>
  createClassifier({ inputShape: [8], classes: 3, network: ladderNetwork({ sizes: [12], costWeights }), seed });

type Options = Omit<TrainClassifierOptions, 'classifier'>;
const OPTIONS: Options = { dataset, labeled, steps: 9, batchSize: 20, seed: 5, learningRate: 0.02 };

async function run(options: Partial<Options> & { classifier?: Classifier; takeAt?: (step: number) => boolean } = {}) {
  const { takeAt, classifier = small(options.resume ? 99 : 0), ...rest } = options;
  const events: TrainEvent<ClassifierEvaluation>[] = [];
  let state: TrainingState | undefined;
  let takeState: (() => Promise<TrainingState>) | undefined;
  for await (const event of trainClassifier({ ...OPTIONS, classifier, ...rest })) {
    if (event.type === 'start') takeState = event.state;
    events.push(event);
    if (event.type === 'step' && takeAt?.(event.step)) state = await takeState!();
    if (state) break;
  }
  const parameters = await readTree(classifier.parameters());
  if (!options.classifier) classifier.dispose();
  return { events, parameters, state };
}

/** Events without their times. */
const timeless = (events: readonly TrainEvent<ClassifierEvaluation>[]) =>
  events.map((event) => JSON.parse(JSON.stringify(event, (key, value) => (key === 'seconds' ? 0 : value))) as object);

describeBackends('trainClassifier', () => {
  it('learns the classes of all examples from six labels: costs and error fall', () =>
    expectNoLeak(async () => {
      const { events } = await run({ validation, steps: 60, evaluation: { everySteps: 30 } });
      const steps = events.filter((event) => event.type === 'step');
      const [first, last] = [steps[0]!, steps.at(-1)!];
      expect(last.classificationCost).toBeLessThan(0.5 * first.classificationCost!);
      expect(first.costs).toHaveLength(3);
      expect(last.cost).toBeCloseTo(
        last.classificationCost! + last.costs[0]! + 0.5 * last.costs[1]! + 0.1 * last.costs[2]!,
        4,
      );
      const evaluations = events.filter((event) => event.type === 'evaluation');
      expect(evaluations.map(({ phase }) => phase)).toEqual(['before', 'during', 'after']);
      const [before, , after] = evaluations.map(({ evaluation }) => evaluation);
      expect(after!.examples).toBe(90);
      expect(after!.classificationError).toBeLessThan(0.1);
      expect(after!.classificationError).toBeLessThan(before!.classificationError);
      const hits = after!.confusion.reduce((sum, row, label) => sum + row[label]!, 0);
      expect(1 - hits / after!.examples).toBeCloseTo(after!.classificationError, 6);
    }));

  it('resumes from a checkpoint with the same bits as if it had never stopped', async () => {
    const how = { validation, evaluation: { everySteps: 4 }, ema: { decay: 0.9 }, clipNorm: 1 };
    const whole = await run(how);
    for (const at of [2, 4, 7]) {
      const { state } = await run({ ...how, takeAt: (step) => step === at });
      const { state: resume } = await decodeCheckpoint(await encodeCheckpoint({ state: state!, info: {} }));
      expect(resume.labeled).toEqual({ examples: 6, batchSize: 6 });
      const rest = await run({ ...how, resume });
      expect(rest.parameters).toEqual(whole.parameters);
      const after = timeless(whole.events.filter((event) => event.type === 'step' && event.step > at));
      expect(timeless(rest.events.filter((event) => event.type === 'step'))).toEqual(after);
      expect(timeless(rest.events.slice(-2))).toEqual(timeless(whole.events.slice(-2)));
    }
  });

  it('trains without denoising costs on labeled examples alone', async () => {
    const classifier = small(0, [0, 0, 0]);
    const { events } = await run({ classifier, labeled: dataset, steps: 40 });
    const steps = events.filter((event) => event.type === 'step');
    expect(steps.at(-1)!.classificationCost).toBeLessThan(0.5 * steps[0]!.classificationCost!);
    expect(steps.at(-1)!.cost).toBeCloseTo(steps.at(-1)!.classificationCost!, 5);
    classifier.dispose();
  });
});

describe('trainClassifier', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('names the parameter that is not finite, and the gradient', async () => {
    const classifier = small();
    const W = classifier.parameters()['W_1']!;
    tf.tidy(() => W.assign(tf.fill(W.shape, NaN)));
    await expect(run({ classifier })).rejects.toThrow(withCode('NON_FINITE', 'step 1', "parameter 'W_1'", 'NaN'));
    classifier.dispose();
    const huge = small();
    const a = huge.parameters()['a10_0']!;
    tf.tidy(() => a.assign(tf.fill(a.shape, 1e30)));
    await expect(run({ classifier: huge })).rejects.toThrow(withCode('NON_FINITE', 'denoisingCosts[0]', 'Infinity'));
    huge.dispose();
  });

  it('leaks nothing when it searches for a non-finite number, or refuses options', () =>
    expectNoLeak(async () => {
      const classifier = small();
      const a = classifier.parameters()['a10_0']!;
      tf.tidy(() => a.assign(tf.fill(a.shape, 1e30)));
      await expect(run({ classifier, skipNonFinite: 2 })).rejects.toMatchObject({ code: 'NON_FINITE' });
      await expect(run({ classifier, ema: { decay: 2 } })).rejects.toThrow(withCode('INVALID_OPTION', 'decay'));
      classifier.dispose();
    }));

  it.each<[string, object, string]>([
    [
      'labeled examples without labels',
      { labeled: inMemoryDataset({ name: 'bare', inputShape: [8], inputs: new Float32Array(80) }) },
      "'bare'",
    ],
    ['a batch size beyond the data', { batchSize: 121 }, 'batchSize'],
    ['an empty labeled batch', { labeledBatchSize: 0 }, 'batchSize'],
    ['training without end', { steps: undefined }, 'steps, epochs or maxSeconds'],
    ['a misspelled option', { seeds: 1 }, "'seeds'"],
    ['a misspelled option of the evaluation', { evaluation: { exmples: 1 } }, "'exmples'"],
  ])('refuses %s', async (_, options, name) => {
    await expect(run(options)).rejects.toThrow(withCode('INVALID_OPTION', name));
  });

  it('refuses the state of a training with other labeled examples', async () => {
    const { state } = await run({ takeAt: (step) => step === 2 });
    await expect(run({ resume: state!, labeled: take(dataset, 9) })).rejects.toThrow(
      withCode('INVALID_OPTION', 'labeled', '"examples":6', '"examples":9'),
    );
  });

  it('is evaluated only on data with labels', async () => {
    const classifier = small();
    const bare = inMemoryDataset({ name: 'bare', inputShape: [8], inputs: new Float32Array(80) });
    await expect(evaluateClassifier(classifier, bare)).rejects.toThrow(withCode('INVALID_OPTION', "'bare'"));
    for (const options of [{ examples: 0 }, { exmples: 1 }] as object[]) {
      await expect(evaluateClassifier(classifier, validation, options)).rejects.toThrow(withCode('INVALID_OPTION'));
    }
    await expect(evaluateClassifier(classifier, validation)).rejects.toMatchObject({ code: 'NOT_CALIBRATED' });
    const some = await evaluateClassifier(classifier, validation, { examples: 7, statistics: 'batch', batchSize: 3 });
    expect(some.examples).toBe(7);
    classifier.dispose();
  });
});
