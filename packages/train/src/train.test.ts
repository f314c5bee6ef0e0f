import { inMemoryDataset, type Dataset } from '@taggerjs/datasets';
import { ladder } from '@taggerjs/ladder';
import { mlp, projected } from '@taggerjs/mapping';
import { readTree, type Norm } from '@taggerjs/nn';
import { bitflip, gaussian } from '@taggerjs/noise';
import { createTagger } from '@taggerjs/tagger';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import type { TrainEvent } from './loop/events';
import { train, type TrainOptions } from './train';

/** Two bars in each image of 4 x 4, at random rows: a task that a few units learn. */
function bars(size = 200) {
  const inputs = new Uint8Array(size * 16);
  const segments = new Uint8Array(size * 16).fill(255);
  for (let e = 0; e < size; e++) {
    const rows = [(e * 7) % 4, (e * 7 + 1 + ((e * 3) % 3)) % 4];
    for (const [segment, row] of rows.entries()) {
      for (let column = 0; column < 4; column++) {
        inputs[e * 16 + row * 4 + column] = 1;
        segments[e * 16 + row * 4 + column] = segment;
      }
    }
  }
  return inMemoryDataset({ name: 'bars', inputShape: [4, 4], inputs, segments });
}

/** The same bars, the first one red, the second one blue. */
function coloredBars(size = 200) {
  const inputs = new Uint8Array(size * 48);
  const segments = new Uint8Array(size * 16).fill(255);
  for (let e = 0; e < size; e++) {
    const rows = [(e * 7) % 4, (e * 7 + 1 + ((e * 3) % 3)) % 4];
    for (const [segment, row] of rows.entries()) {
      for (let column = 0; column < 4; column++) {
        const pixel = e * 16 + row * 4 + column;
        inputs[pixel * 3 + 2 * segment] = 1;
        segments[pixel] = segment;
      }
    }
  }
  return inMemoryDataset({ name: 'colored bars', inputShape: [4, 4, 3], inputs, segments });
}

function smallTagger({ mapping = ladder({ sizes: [12] }), norm = 'layer' as Norm, seed = 0 } = {}) {
  return createTagger({
    inputShape: [4, 4],
    groups: 3,
    iterations: 2,
    initialPrediction: 0.5,
    noise: bitflip(),
    core: projected({ hiddenSize: 24, norm, mapping }),
    seed,
  });
}

async function collect(options: Omit<TrainOptions, 'tagger'> & Partial<Pick<TrainOptions, 'tagger'>>) {
  const tagger = options.tagger ?? smallTagger();
  const events: TrainEvent[] = [];
  for await (const event of train({ ...options, tagger })) events.push(event);
  const parameters = await readTree(tagger.parameters());
  if (!options.tagger) tagger.dispose();
  return { events, parameters };
}

const stepsOf = (events: readonly TrainEvent[]) => events.filter((event) => event.type === 'step');

describeBackends('train', () => {
  it('lowers the denoising cost', async () => {
    const { events } = await collect({ dataset: bars(), steps: 60, batchSize: 20, learningRate: 0.01 });
    const costs = stepsOf(events).map(({ cost }) => cost);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(costs.slice(-10))).toBeLessThan(0.8 * mean(costs.slice(0, 5)));
  });

  it.each(['bitflip', 'gaussian'] as const)('lowers the cost of color images (%s noise)', async (noise) => {
    await expectNoLeak(async () => {
      const tagger = createTagger({
        inputShape: [4, 4, 3],
        groups: 3,
        iterations: 2,
        initialPrediction: 0.3,
        noise: noise === 'bitflip' ? bitflip() : gaussian(),
        core: projected({ hiddenSize: 24, mapping: ladder({ sizes: [12] }) }),
      });
      const { events } = await collect({
        tagger,
        dataset: coloredBars(),
        validation: coloredBars(20),
        steps: 60,
        batchSize: 20,
        learningRate: 0.01,
        evaluation: { everySteps: 60 },
      });
      const costs = stepsOf(events).map(({ cost }) => cost);
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean(costs.slice(-10))).toBeLessThan(0.8 * mean(costs.slice(0, 5)));
      const evaluation = events.find((event) => event.type === 'evaluation');
      expect(evaluation).toMatchObject({
        evaluation: { iterations: [{ ami: expect.any(Number) }, { ami: expect.any(Number) }] },
      });
      tagger.dispose();
    });
  });

  it.each<[number[], number, number[], string]>([
    [[4, 4, 3], 3, [48], '[4,4,3]'],
    [[4, 4, 3], 1, [4, 4, 3], '[48]'],
    [[16, 3], 3, [16, 3], '[1,16,3]'],
  ])('a model of %j with %i channels refuses data of %j, and names the shape to use', async (...of) => {
    const [shapeOfModel, channels, inputShape, wanted] = of;
    const { inputs } = await coloredBars(20).examples([0, 1]);
    const make = (shape: readonly number[]) => inMemoryDataset({ name: 'colored', inputShape: shape, inputs });
    const tagger = createTagger({
      inputShape: shapeOfModel,
      channels,
      initialPrediction: 0.3,
      noise: bitflip(),
      core: projected({ hiddenSize: 4, mapping: mlp({ sizes: [] }) }),
    });
    const run = (dataset: Dataset) => collect({ tagger, dataset, steps: 1, batchSize: 1 });
    await expect(run(make(inputShape))).rejects.toThrow(withCode('INVALID_SHAPE', `inputShape ${wanted}`));
    expect(stepsOf((await run(make(JSON.parse(wanted)))).events)).toHaveLength(1);
    tagger.dispose();
  });

  it('leaks nothing', async () => {
    await expectNoLeak(async () => {
      await collect({
        dataset: bars(),
        validation: bars(20),
        steps: 3,
        batchSize: 10,
        clipNorm: 1,
        ema: { decay: 0.9 },
        evaluation: { everySteps: 1 },
      });
    });
  });

  it('leaks nothing if its consumer stops early', async () => {
    await expectNoLeak(async () => {
      const tagger = smallTagger();
      for await (const event of train({ tagger, dataset: bars(), steps: 100, batchSize: 10 })) {
        if (event.type === 'step' && event.step === 2) break;
      }
      tagger.dispose();
    });
  });

  it('gives the same bits for ten steps from the same seed', async () => {
    const options = { dataset: bars(), steps: 10, batchSize: 10, seed: 7, clipNorm: 1, ema: { decay: 0.99 } };
    const one = await collect(options);
    const two = await collect(options);
    const other = await collect({ ...options, seed: 8 });
    expect(two.parameters).toEqual(one.parameters);
    expect(stepsOf(two.events).map(({ cost }) => cost)).toEqual(stepsOf(one.events).map(({ cost }) => cost));
    expect(other.parameters).not.toEqual(one.parameters);
  });

  it('reports start, steps, evaluations and end, in order', async () => {
    const { events } = await collect({
      dataset: bars(100),
      validation: bars(20),
      steps: 5,
      batchSize: 20,
      evaluation: { everySteps: 2, iterations: 4, figureExamples: 3 },
    });
    expect(events.map(({ type }) => type)).toEqual([
      'start',
      'evaluation',
      'step',
      'step',
      'evaluation',
      'step',
      'step',
      'evaluation',
      'step',
      'evaluation',
      'end',
    ]);
    const evaluations = events.filter((event) => event.type === 'evaluation');
    expect(evaluations.map(({ phase, step }) => [phase, step])).toEqual([
      ['before', 0],
      ['during', 2],
      ['during', 4],
      ['after', 5],
    ]);
    const { evaluation } = evaluations[3]!;
    expect(evaluation).toMatchObject({ examples: 20 });
    expect(evaluation.iterations.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4]);
    expect(evaluation.figure).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({ type: 'end', step: 5, epoch: 1, reason: 'steps' });
  });

  it('trains an MLP instead of the Ladder', async () => {
    const tagger = smallTagger({ mapping: mlp({ sizes: [12] }) });
    const { events } = await collect({ tagger, dataset: bars(), steps: 2, batchSize: 10 });
    expect(stepsOf(events)).toHaveLength(2);
    tagger.dispose();
  });

  it('reports the norm of the gradients before clipping', async () => {
    const loose = await collect({ dataset: bars(), steps: 1, batchSize: 10, clipNorm: 1e9 });
    const norm = stepsOf(loose.events)[0]!.gradientNorm as number;
    expect(norm).toBeGreaterThan(0);
    const tight = await collect({ dataset: bars(), steps: 1, batchSize: 10, clipNorm: norm / 1000 });
    expect(stepsOf(tight.events)[0]!.gradientNorm).toBeCloseTo(norm, 4);
  });

  it('warms up the learning rate', async () => {
    const { events } = await collect({
      dataset: bars(),
      steps: 4,
      batchSize: 10,
      learningRate: 1,
      schedule: { type: 'constant', warmupSteps: 4 },
      clipNorm: 1e-6,
    });
    const rates = stepsOf(events).map(({ learningRate }) => learningRate);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    expect(rates[0]).toBeLessThan(rates[3]!);
  });

  it('ends with the averaged weights if `ema` is on', async () => {
    const options = { dataset: bars(), steps: 20, batchSize: 10, learningRate: 0.05, seed: 3 };
    const plain = await collect(options);
    const averaged = await collect({ ...options, ema: { decay: 0.99 } });
    expect(averaged.parameters).not.toEqual(plain.parameters);
    // Averaging does not affect training.
    expect(stepsOf(averaged.events).map(({ cost }) => cost)).toEqual(stepsOf(plain.events).map(({ cost }) => cost));
  });

  it('ends when it is aborted, or time runs out', async () => {
    const controller = new AbortController();
    const tagger = smallTagger();
    const events: TrainEvent[] = [];
    for await (const event of train({
      tagger,
      dataset: bars(),
      epochs: 100,
      batchSize: 10,
      signal: controller.signal,
    })) {
      events.push(event);
      if (event.type === 'step' && event.step === 3) controller.abort();
    }
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'aborted', step: 3 });
    const timed = await collect({ tagger, dataset: bars(), maxSeconds: 0.05, batchSize: 10 });
    expect(timed.events.at(-1)).toMatchObject({ type: 'end', reason: 'time' });
    tagger.dispose();
  });

  it('stops at a NaN in the data, before it changes the parameters', async () => {
    const whole = bars();
    // A custom dataset may not check its values.
    const dataset: Dataset = {
      ...whole,
      async *batches(options) {
        for await (const batch of whole.batches(options)) {
          const inputs = batch.inputs.slice();
          inputs[37] = NaN;
          yield { ...batch, inputs };
        }
      },
    };
    const tagger = smallTagger();
    const before = await readTree(tagger.parameters());
    await expect(collect({ tagger, dataset, steps: 5, batchSize: 10 })).rejects.toThrow(
      withCode('NON_FINITE', 'step 1', 'iteration 1'),
    );
    expect(await readTree(tagger.parameters())).toEqual(before);
    tagger.dispose();
  });

  it('stops at a NaN gradient even if the cost is finite', async () => {
    const tagger = smallTagger();
    const { cost } = tagger.noise;
    const breaking = tf.customGrad((x) => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => tf.mul(dy, NaN),
    })) as unknown as (x: tf.Scalar) => tf.Scalar;
    jest.spyOn(tagger.noise, 'cost').mockImplementation((...args) => breaking(cost.apply(tagger.noise, args)));
    await expect(collect({ tagger, dataset: bars(), steps: 1, batchSize: 10 })).rejects.toMatchObject({
      code: 'NON_FINITE',
    });
    tagger.dispose();
  });

  it('calibrates before it evaluates with calibrated statistics', async () => {
    const tagger = smallTagger({ norm: 'batch' });
    const { events } = await collect({
      tagger,
      dataset: bars(40),
      validation: bars(20),
      steps: 2,
      batchSize: 20,
      evaluation: { statistics: 'calibrated' },
    });
    expect(events.filter(({ type }) => type === 'evaluation')).toHaveLength(2);
    tagger.dispose();
  });

  it.each<[object, string]>([
    [{ steps: 1, clipNorm: 0 }, 'clipNorm'],
    [{ steps: 1, clipNorm: -1 }, 'clipNorm'],
    [{}, 'steps, epochs or maxSeconds'],
    [{ steps: 0 }, 'steps'],
    [{ steps: 1, batchSize: 1000 }, 'batchSize'],
    [{ steps: 1, skipNonFinite: 0.5 }, 'skipNonFinite'],
    [{ steps: 1, learningrate: 1 }, "'learningrate'"],
    [{ steps: 1, adam: { beta: 0.9 } }, "'beta'"],
    [{ steps: 1, ema: { deacy: 0.9 } }, "'deacy'"],
    [{ steps: 1, schedule: { type: 'cosine', warmup: 5 } }, "'warmup'"],
    [{ steps: 1, evaluation: { everyStep: 5 } }, "'everyStep'"],
  ])('refuses %j', async (options, name) => {
    await expectNoLeak(async () => {
      const tagger = smallTagger();
      await expect(collect({ tagger, dataset: bars(), ...options })).rejects.toThrow(withCode('INVALID_OPTION', name));
      tagger.dispose();
    });
  });

  it('refuses data of another shape', async () => {
    const dataset = inMemoryDataset({ name: 'wide', inputShape: [5, 4], inputs: new Uint8Array(100) });
    await expect(collect({ dataset, steps: 1, batchSize: 5 })).rejects.toThrow(
      withCode('INVALID_SHAPE', "'wide'", '[5,4]', '[4,4]'),
    );
  });
});
