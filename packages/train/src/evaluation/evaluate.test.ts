import { inMemoryDataset } from '@taggerjs/datasets';
import { ladder } from '@taggerjs/ladder';
import { projected, type CoreComponent, type CoreContext } from '@taggerjs/mapping';
import { adjustedMutualInformation, adjustedRandIndex, meanBestOverlap } from '@taggerjs/metrics';
import { bitflip } from '@taggerjs/noise';
import { createTagger } from '@taggerjs/tagger';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { evaluate, type EvaluateOptions } from './evaluate';

const SIDE = 4;
const N = SIDE * SIDE;
const leftOrRight = (n: number) => (n % SIDE < SIDE / 2 ? 0 : 1);
const topOrBottom = (n: number) => (n < N / 2 ? 0 : 1);

/** The groups that a hand-made model assigns to the elements, and its certainty: the difference of the logits. */
interface Assignment {
  readonly groupOf: (element: number) => number;
  readonly sureness: number;
}

/** A core that predicts a fixed probability and returns given assignments. */
function fixedCore(probability: number, assignmentAt: (iteration: number) => Assignment): CoreComponent {
  return {
    config: { type: 'fixed' },
    create: ({ inputSize }) => ({
      apply(input: tf.Tensor2D, { iteration, groups }: CoreContext) {
        const rows = input.shape[0];
        const { groupOf, sureness } = assignmentAt(iteration);
        // Rows are group-major.
        const logits = Float32Array.from({ length: rows * inputSize }, (_, i) => {
          const group = Math.floor(i / inputSize / (rows / groups));
          return groupOf(i % inputSize) === group ? sureness : 0;
        });
        return {
          predictionLogits: tf.fill([rows, inputSize], Math.log(probability / (1 - probability))) as tf.Tensor2D,
          assignmentLogits: tf.tensor2d(logits, [rows, inputSize]),
        };
      },
      parameters: () => ({}),
      state: () => ({}),
      dispose: () => undefined,
    }),
  };
}

const halves: Assignment = { groupOf: leftOrRight, sureness: 100 };

interface FixedOptions {
  readonly assignmentAt?: (iteration: number) => Assignment;
  readonly probability?: number;
  readonly groups?: number;
}

function fixedTagger({ assignmentAt = () => halves, probability = 0.25, groups = 2 }: FixedOptions = {}) {
  return createTagger({
    inputShape: [SIDE, SIDE],
    groups,
    iterations: 2,
    initialPrediction: 0.5,
    noise: bitflip(),
    core: fixedCore(probability, assignmentAt),
  });
}

/** Images with as many ones as their index says; of every third, top and bottom are the segments, else left and right. */
function images(size = 7, { segments = true, ...how }: { segments?: boolean; background?: number | Uint8Array } = {}) {
  const inputs = Uint8Array.from({ length: size * N }, (_, i) => (i % N < Math.floor(i / N) ? 1 : 0));
  const truth = Uint8Array.from({ length: size * N }, (_, i) => segmentOf(Math.floor(i / N), i % N));
  return inMemoryDataset({
    name: 'images',
    inputShape: [SIDE, SIDE],
    inputs,
    ...(segments && { segments: truth }),
    ...how,
  });
}

const segmentOf = (example: number, element: number) =>
  example % 3 === 2 ? topOrBottom(element) : leftOrRight(element);

const elements = Array.from({ length: N }, (_, n) => n);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Evaluates, and frees the model. */
async function evaluated(
  options: EvaluateOptions & { tagger?: FixedOptions; dataset?: ReturnType<typeof images> } = {},
) {
  const { tagger: how, dataset = images(), ...rest } = options;
  const tagger = fixedTagger(how);
  try {
    return await evaluate(tagger, dataset, rest);
  } finally {
    tagger.dispose();
  }
}

describeBackends('evaluate', () => {
  it('gives a correct model an AMI of 1, two groups and zero entropy', async () => {
    const { iterations, examples } = await evaluated({ dataset: images(2) });
    expect(examples).toBe(2);
    expect(iterations.map(({ iteration }) => iteration)).toEqual([1, 2]);
    for (const { ami, groupsUsed, entropy } of iterations) {
      expect(ami).toBeCloseTo(1, 12);
      expect(groupsUsed).toBe(2);
      expect(entropy).toBeCloseTo(0, 6);
    }
  });

  it('distinguishes a model that is certain of a single group from one that cannot decide', async () => {
    const groups = 3;
    const collapsed = { groups, assignmentAt: () => ({ groupOf: () => 1, sureness: 100 }) };
    const undecided = { groups, assignmentAt: () => ({ groupOf: () => 1, sureness: 0 }) };
    expect((await evaluated({ tagger: collapsed })).iterations[0]).toMatchObject({ ami: 0, groupsUsed: 1 });
    expect((await evaluated({ tagger: collapsed })).iterations[0]!.entropy).toBeCloseTo(0, 6);
    expect((await evaluated({ tagger: undecided })).iterations[0]!.entropy).toBeCloseTo(Math.log(groups), 5);
  });

  it('measures each iteration separately', async () => {
    const onlyThen = (iteration: number): Assignment => ({ ...halves, sureness: iteration === 1 ? 100 : 0 });
    const { iterations } = await evaluated({ dataset: images(1), iterations: 3, tagger: { assignmentAt: onlyThen } });
    expect(iterations.map(({ ami }) => Math.round(ami as number))).toEqual([0, 1, 0]);
  });

  it.each([1, 3, 7, 100])('means over examples whatever the batches: of %i', async (batchSize) => {
    const { iterations } = await evaluated({ batchSize });
    const truths = Array.from({ length: 7 }, (_, e) => elements.map((n) => segmentOf(e, n)));
    const ami = mean(truths.map((truth) => adjustedMutualInformation(truth, elements.map(leftOrRight))));
    // An image with e ones: q' = (1 - 2 eps) q + eps of q = 1/4, eps = 1e-4.
    const q = (1 - 2e-4) * 0.25 + 1e-4;
    const cost = mean(truths.map((_, e) => -((e / N) * Math.log(q) + (1 - e / N) * Math.log(1 - q))));
    for (const scores of iterations) {
      expect(scores.ami).toBeCloseTo(ami, 10);
      expect(scores.cost).toBeCloseTo(cost, 5);
    }
  });

  it('means the measures of object discovery over examples, with the background as a segment of its own', async () => {
    // The background is the last row, whatever the segments say there.
    const background = Uint8Array.from({ length: 7 * N }, (_, i) => Number(i % N >= N - SIDE));
    const dataset = images(7, { background });
    const { iterations } = await evaluated({ dataset, batchSize: 3 });
    const predicted = elements.map(leftOrRight);
    const truths = Array.from({ length: 7 }, (_, e) => elements.map((n) => (n >= N - SIDE ? 9 : segmentOf(e, n))));
    for (const { ari, ariForeground, mbo, msc } of iterations) {
      expect(ari).toBeCloseTo(mean(truths.map((truth) => adjustedRandIndex(truth, predicted))), 10);
      expect(ariForeground).toBeCloseTo(
        mean(truths.map((truth) => adjustedRandIndex(truth, predicted, { background: 9 }))),
        10,
      );
      expect(mbo).toBeCloseTo(mean(truths.map((truth) => meanBestOverlap(truth, predicted, { background: 9 }))), 10);
      expect(msc).toBeCloseTo(mean(truths.map((truth) => meanBestOverlap(truth, predicted))), 10);
    }
  });

  it('omits the measures of object discovery for data that do not say what is background', async () => {
    const [scores] = (await evaluated()).iterations;
    expect(scores).toHaveProperty('ami');
    for (const measure of ['ari', 'ariForeground', 'mbo', 'msc']) expect(scores).not.toHaveProperty(measure);
  });

  it('uses the first examples, at most all of them', async () => {
    const dataset = images();
    const { iterations, ...few } = await evaluated({ dataset, examples: 2, batchSize: 5 });
    expect(few.examples).toBe(2);
    expect(iterations[0]!.ami).toBeCloseTo(1, 12);
    expect((await evaluated({ dataset, examples: 1000 })).examples).toBe(7);
    expect(few.seconds).toBeGreaterThan(0);
  });

  it('scores no segments if the data have none', async () => {
    const { iterations, figure } = await evaluated({ dataset: images(3, { segments: false }), figureExamples: 1 });
    for (const scores of iterations) expect(scores).not.toHaveProperty('ami');
    expect(figure[0]).not.toHaveProperty('segments');
    expect(figure[0]!.iterations[0]).not.toHaveProperty('ami');
  });

  it('returns the first examples and their groups for a figure', async () => {
    const { figure } = await evaluated({ batchSize: 2, figureExamples: 3 });
    expect(figure).toHaveLength(3);
    for (const [e, { input, corrupted, segments, iterations }] of figure.entries()) {
      expect([...input]).toEqual(elements.map((n) => (n < e ? 1 : 0)));
      expect([...segments!]).toEqual(elements.map((n) => segmentOf(e, n)));
      // Some bits are flipped.
      expect(new Set(corrupted)).toEqual(new Set([0, 1]));
      expect(iterations).toHaveLength(2);
      const { prediction, assignment, ami } = iterations[1]!;
      expect([...prediction]).toEqual(Array(2 * N).fill(expect.closeTo(0.25, 6)));
      expect([...assignment.slice(0, N)]).toEqual(elements.map((n) => expect.closeTo(1 - leftOrRight(n), 6)));
      expect([...assignment.slice(N)]).toEqual(elements.map((n) => expect.closeTo(leftOrRight(n), 6)));
      expect(ami).toBeCloseTo(adjustedMutualInformation(segments!, elements.map(leftOrRight)), 10);
    }
    expect((await evaluated()).figure).toEqual([]);
  });

  it.each<object>([
    { examples: 0 },
    { examples: NaN },
    { batchSize: 2.5 },
    { iterations: 0 },
    { groups: -1 },
    { figureExamples: -1 },
    { first: -1 },
    { first: 7 },
    { statistics: 'running' },
    { itrations: 3 },
  ])('refuses %j', async (options) => {
    await expect(evaluated(options)).rejects.toThrow(withCode('INVALID_OPTION'));
  });

  it('refuses examples of another shape, even with the same number of values', async () => {
    const wide = inMemoryDataset({ name: 'wide', inputShape: [2, N], inputs: new Uint8Array(2 * N) });
    await expect(evaluated({ dataset: wide })).rejects.toThrow(withCode('INVALID_SHAPE', "'wide'", '[2,16]', '[4,4]'));
  });
});

describeBackends('evaluate with a network', () => {
  const network = (norm: 'layer' | 'batch') =>
    createTagger({
      inputShape: [SIDE, SIDE],
      initialPrediction: 0.3,
      noise: bitflip(),
      core: projected({ hiddenSize: 8, norm, mapping: ladder({ sizes: [5] }) }),
    });

  it('gives the same results for the same seed, and different ones for another', async () => {
    const tagger = network('layer');
    const scores = async (seed: number) => {
      const { seconds: _, ...rest } = await evaluate(tagger, images(), { seed, figureExamples: 2 });
      return rest;
    };
    expect(await scores(3)).toEqual(await scores(3));
    expect(await scores(3)).not.toEqual(await scores(4));
    tagger.dispose();
  });

  it('gives the same results for every batch size', async () => {
    const tagger = network('layer');
    const whole = await evaluate(tagger, images(), { figureExamples: 7 });
    for (const batchSize of [1, 3]) {
      const parts = await evaluate(tagger, images(), { batchSize, figureExamples: 7 });
      for (const [i, { cost, ami, groupsUsed, entropy }] of whole.iterations.entries()) {
        expect(parts.iterations[i]).toMatchObject({ ami: expect.closeTo(ami!, 10), groupsUsed });
        expect(parts.iterations[i]!.cost).toBeCloseTo(cost, 6);
        expect(parts.iterations[i]!.entropy).toBeCloseTo(entropy, 6);
      }
      expect(parts.figure.map(({ corrupted }) => corrupted)).toEqual(whole.figure.map(({ corrupted }) => corrupted));
    }
    tagger.dispose();
  });

  it('returns the AMI of every example, and reproduces each from its index alone', async () => {
    const tagger = network('layer');
    const whole = await evaluate(tagger, images(), { batchSize: 3, figureExamples: 7, scoreExamples: true });
    const amis = whole.figure.map(({ iterations }) => iterations.at(-1)!.ami);
    expect(whole.exampleAmis).toEqual(amis.map((ami) => expect.closeTo(ami!, 12)));
    for (const first of [0, 4, 6]) {
      const { examples, figure } = await evaluate(tagger, images(), { first, examples: 1, figureExamples: 1 });
      expect(examples).toBe(1);
      expect(figure[0]!.input).toEqual(whole.figure[first]!.input);
      expect(figure[0]!.corrupted).toEqual(whole.figure[first]!.corrupted);
      expect(figure[0]!.iterations.at(-1)!.ami).toBeCloseTo(amis[first]!, 10);
    }
    expect((await evaluate(tagger, images(), { first: 5 })).examples).toBe(2);
    expect(await evaluate(tagger, images())).not.toHaveProperty('exampleAmis');
    tagger.dispose();
  });

  it('leaves nothing behind', async () => {
    await expectNoLeak(async () => {
      const tagger = network('layer');
      await evaluate(tagger, images(), { batchSize: 3, figureExamples: 2, iterations: 4, groups: 2 });
      tagger.dispose();
    });
  });

  it('requires calibrated statistics, unless those of the batches are requested', async () => {
    const tagger = network('batch');
    await expect(evaluate(tagger, images())).rejects.toMatchObject({ code: 'NOT_CALIBRATED' });
    const { iterations } = await evaluate(tagger, images(), { statistics: 'batch' });
    expect(iterations).toHaveLength(3);
    tagger.dispose();
  });
});
