import { inMemoryDataset, subset, type Dataset } from '@taggerjs/datasets';
import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { readTree } from '@taggerjs/nn';
import { bitflip } from '@taggerjs/noise';
import { createTagger } from '@taggerjs/tagger';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { decodeCheckpoint, encodeCheckpoint } from './checkpoint/checkpoint';
import { evaluate, type GroupedExample } from './evaluation/evaluate';
import type { TrainEvent } from './loop/events';
import { train, type TrainOptions } from './train';
import type { TrainingState } from './checkpoint/training-state';

/** A bar in each image of 4 x 4, whose row is the class; or two, whose rows are the classes of two objects. */
function bars(objects: 1 | 2, size = 96): Dataset {
  const inputs = new Uint8Array(size * 16);
  const labels = new Uint8Array(size * objects);
  for (let e = 0; e < size; e++) {
    for (let object = 0; object < objects; object++) {
      const row = object === 0 ? e % 4 : (e + (e >> 2)) % 4;
      inputs.fill(1, e * 16 + row * 4, e * 16 + row * 4 + 4);
      labels[e * objects + object] = row;
    }
  }
  return inMemoryDataset({ name: `bars of ${objects}`, inputShape: [4, 4], inputs, labels });
}

const small = ({ seed = 0, classes = true } = {}) =>
  createTagger({
    inputShape: [4, 4],
    groups: 2,
    iterations: 2,
    initialPrediction: 0.3,
    noise: bitflip({ probability: 0.05 }),
    core: projected({
      hiddenSize: 24,
      mapping: ladder(classes ? { sizes: [16, 5], classes: 4 } : { sizes: [16, 5] }),
    }),
    seed,
  });

async function run(options: Partial<TrainOptions> & { objects?: 1 | 2; takeAt?: number } = {}) {
  const { objects = 1, takeAt, ...rest } = options;
  const dataset = bars(objects);
  const tagger = small({ seed: rest.resume ? 99 : 0 });
  const events: TrainEvent[] = [];
  let state: TrainingState | undefined;
  let take: (() => Promise<TrainingState>) | undefined;
  for await (const event of train({
    tagger,
    dataset,
    validation: bars(objects, 48),
    classification: { labeled: subset(dataset, { to: 32 }), weight: 1, batchSize: 16 },
    batchSize: 16,
    steps: 8,
    learningRate: 0.01,
    ...rest,
  })) {
    if (event.type === 'start') take = event.state;
    events.push(event);
    if (event.type === 'step' && event.step === takeAt) state = await take!();
    if (state) break;
  }
  const parameters = await readTree(tagger.parameters());
  tagger.dispose();
  return { events, parameters, state };
}

describeBackends('train with classes', () => {
  it('minimizes the denoising cost of one half plus the weighted classification cost of the other', async () => {
    const { events } = await run({ steps: 1, validation: undefined as never });
    const weighed = await run({
      steps: 1,
      validation: undefined as never,
      classification: { labeled: subset(bars(1), { to: 32 }), weight: 0.1, batchSize: 16 },
    });
    const [one, tenth] = [events, weighed.events].map((all) => all.find((event) => event.type === 'step')!);
    const denoising = (one!.costs[0]! + one!.costs[1]!) / 2;
    expect(one!.cost).toBeCloseTo(denoising + one!.classificationCost!, 5);
    expect(tenth!.cost).toBeCloseTo(denoising + 0.1 * one!.classificationCost!, 5);
  });

  it('resumes from a checkpoint with the same bits as if it had never stopped', async () => {
    const whole = await run();
    const { state } = await run({ takeAt: 3 });
    const { state: resume } = await decodeCheckpoint(await encodeCheckpoint({ state: state!, info: {} }));
    expect(resume.labeled).toEqual({ examples: 32, batchSize: 16 });
    expect((await run({ resume })).parameters).toEqual(whole.parameters);
  });

  it('needs a core that classifies, labels, and a weight above 0', async () => {
    const dataset = bars(1);
    const tagger = small({ classes: false });
    const attempt = (options: object) =>
      train({ tagger, dataset, steps: 1, batchSize: 8, ...options } as TrainOptions).next();
    const bare = inMemoryDataset({ name: 'bare', inputShape: [4, 4], inputs: new Uint8Array(160) });
    for (const [classification, name] of [
      [{ labeled: dataset }, 'classifies'],
      [{ labeled: dataset, weight: 0 }, 'classification.weight'],
      [{ labeled: dataset, wieght: 1 }, "'wieght'"],
      [{ labeled: bare }, "'bare'"],
    ] as const) {
      await expect(attempt({ classification })).rejects.toThrow(withCode('INVALID_OPTION', name));
    }
    tagger.dispose();
  });
});

describeBackends('evaluate with classes', () => {
  it('returns the labels and the posterior of each drawn example, for any batch size', () =>
    expectNoLeak(async () => {
      const tagger = small();
      const drawn: GroupedExample[][] = [];
      for (const batchSize of [2, 5]) {
        const { figure } = await evaluate(tagger, bars(2), { examples: 5, figureExamples: 5, batchSize });
        drawn.push([...figure]);
      }
      const { labels } = await bars(2).examples([0, 1, 2, 3, 4]);
      expect(drawn[0]!.flatMap((example) => [...example.labels!])).toEqual([...labels!]);
      for (const [i, { classPosterior }] of drawn[0]!.entries()) {
        expect(classPosterior!.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 5);
        classPosterior!.forEach((p, c) => expect(p).toBeCloseTo(drawn[1]![i]!.classPosterior![c]!, 5));
      }
      expect(drawn[0]![0]!.classPosterior).not.toEqual(drawn[0]![1]!.classPosterior);
      tagger.dispose();
    }));
});

// Too many steps for the plain JavaScript backend.
describe('train with classes (wasm)', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
  });

  it.each([1, 2] as const)('lowers the classification cost, and the error with it (%i objects)', (objects) =>
    expectNoLeak(async () => {
      const { events } = await run({ objects, steps: 80 });
      const steps = events.filter((event) => event.type === 'step');
      expect(steps.at(-1)!.classificationCost).toBeLessThan(0.8 * steps[0]!.classificationCost!);
      expect(steps.at(-1)!.costs.at(-1)).toBeLessThan(steps[0]!.costs.at(-1)!);
      const [before, after] = events.flatMap((event) => (event.type === 'evaluation' ? [event.evaluation] : []));
      expect(before!.classificationError).toBeGreaterThan(0.3);
      expect(after!.classificationError).toBeLessThan(before!.classificationError! - 0.2);
      const hits = after!.confusion!.reduce((sum, row, label) => sum + row[label]!, 0);
      const counted = after!.confusion!.flat().reduce((sum, count) => sum + count, 0);
      // Two digits of one class count once.
      if (objects === 1) expect(1 - hits / counted).toBeCloseTo(after!.classificationError!, 6);
      else expect(counted).toBeLessThanOrEqual(2 * after!.examples);
      expect(hits).toBeGreaterThan(0.5 * counted);
    }),
  );
});
