import { inMemoryDataset, type Dataset } from '@taggerjs/datasets';
import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { readTree, type Norm } from '@taggerjs/nn';
import { bitflip } from '@taggerjs/noise';
import { createTagger } from '@taggerjs/tagger';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { decodeCheckpoint, encodeCheckpoint } from './checkpoint';
import type { TrainEvent } from '../loop/events';
import { train, type TrainOptions } from '../train';
import { assignWeights, type TrainingState } from './training-state';

const INPUTS = Uint8Array.from({ length: 120 * 16 }, (_, i) => (((i >> 2) * 7 + (i >> 4) * 3) % 5) & 1);
const dataset = inMemoryDataset({ name: 'bars', inputShape: [4, 4], inputs: INPUTS });
const validation = inMemoryDataset({ name: 'held out', inputShape: [4, 4], inputs: INPUTS.subarray(0, 64) });

function smallTagger({ norm = 'layer' as Norm, seed = 0 } = {}) {
  return createTagger({
    inputShape: [4, 4],
    groups: 3,
    iterations: 2,
    initialPrediction: 0.5,
    noise: bitflip(),
    core: projected({ hiddenSize: 12, norm, mapping: ladder({ sizes: [8] }) }),
    seed,
  });
}

const OPTIONS: Omit<TrainOptions, 'tagger'> = {
  dataset,
  validation,
  steps: 9,
  batchSize: 4,
  seed: 5,
  learningRate: 0.02,
  schedule: { type: 'cosine', warmupSteps: 3 },
  clipNorm: 0.5,
  ema: { decay: 0.9 },
  evaluation: { everySteps: 4 },
};

/** An event without its times. */
function timeless(event: TrainEvent): unknown {
  const { seconds: _seconds, ...rest } = event as { seconds?: number };
  const { evaluation } = rest as { evaluation?: object };
  return evaluation ? { ...rest, evaluation: { ...evaluation, seconds: 0 } } : rest;
}

/** Trains to the end, or until a state is taken. */
async function run(
  options: Partial<TrainOptions> & { norm?: Norm; takeAt?: (event: TrainEvent) => boolean } = {},
): Promise<{ events: TrainEvent[]; parameters: object; state?: TrainingState }> {
  const { norm = 'layer', takeAt, ...rest } = options;
  // Its parameters differ from those of the resumed training.
  const tagger = smallTagger({ norm, seed: rest.resume ? 99 : 0 });
  const events: TrainEvent[] = [];
  let take: (() => Promise<TrainingState>) | undefined;
  try {
    for await (const event of train({ ...OPTIONS, tagger, ...rest })) {
      if (event.type === 'start') take = event.state;
      events.push(event);
      if (takeAt?.(event)) return { events, parameters: {}, state: await take!() };
    }
    return { events, parameters: await readTree(tagger.parameters()) };
  } finally {
    tagger.dispose();
  }
}

const atStep = (step: number) => (event: TrainEvent) => event.type === 'step' && event.step === step;

/** A round trip through bytes, as through a file. */
async function saved(state: TrainingState | undefined): Promise<TrainingState> {
  return (await decodeCheckpoint(await encodeCheckpoint({ state: state!, info: {} }))).state;
}

describeBackends('train, resumed', () => {
  it.each([
    ['layer', 'batch', atStep(6)],
    // An evaluation is due at this step, and has not been made yet.
    ['layer', 'batch', atStep(4)],
    ['layer', 'batch', (event: TrainEvent) => event.type === 'evaluation' && event.step === 8],
    ['layer', 'batch', (event: TrainEvent) => event.type === 'start'],
    ['layer', 'batch', atStep(9)],
    ['batch', 'batch', atStep(7)],
    ['batch', 'calibrated', atStep(7)],
  ] as const)('goes on bit for bit (norm %s, statistics %s)', async (norm, statistics, takeAt) => {
    const how = { norm, evaluation: { everySteps: 4, statistics } };
    const whole = await run(how);
    const first = await run({ ...how, takeAt });
    const second = await run({ ...how, resume: await saved(first.state) });

    expect(second.parameters).toEqual(whole.parameters);
    const both = [...first.events, ...second.events.slice(1)];
    expect(both.slice(1).map(timeless)).toEqual(whole.events.slice(1).map(timeless));
    expect(second.events[0]).toMatchObject({ type: 'start', step: first.state!.step, steps: 9 });
  });

  it('continues bit for bit from many states in a row', async () => {
    const whole = await run();
    let resume: TrainingState | undefined;
    for (const step of [1, 2, 5, 8]) {
      resume = await saved((await run({ ...(resume && { resume }), takeAt: atStep(step) })).state);
    }
    expect((await run({ resume: resume! })).parameters).toEqual(whole.parameters);
  });

  it('captures the state of one moment, whatever training does meanwhile', async () => {
    const tagger = smallTagger();
    let early: Promise<TrainingState> | undefined;
    let state: (() => Promise<TrainingState>) | undefined;
    for await (const event of train({ ...OPTIONS, tagger })) {
      if (event.type === 'start') ({ state } = event);
      // Not awaited, so training continues meanwhile.
      if (event.type === 'step' && event.step === 3) early = state!();
    }
    tagger.dispose();
    const { state: waited } = await run({ takeAt: atStep(3) });
    expect({ ...(await early), seconds: 0, evaluated: 0 }).toEqual({ ...waited, seconds: 0, evaluated: 0 });
  });

  it('offers the state of an aborted training before its last evaluation', async () => {
    const controller = new AbortController();
    const tagger = smallTagger();
    let state: (() => Promise<TrainingState>) | undefined;
    let resume: TrainingState | undefined;
    const types: string[] = [];
    for await (const event of train({ ...OPTIONS, tagger, signal: controller.signal })) {
      if (event.type === 'start') ({ state } = event);
      if (event.type === 'step' && event.step === 5) controller.abort();
      if (event.type === 'interrupt') resume = await state!();
      types.push(event.type);
    }
    tagger.dispose();
    expect(types.slice(-4)).toEqual(['step', 'interrupt', 'evaluation', 'end']);
    expect((await run({ resume: resume! })).parameters).toEqual((await run()).parameters);
  });

  it('counts the seconds before a resumption', async () => {
    const { state } = await run({ takeAt: atStep(2) });
    const options = { steps: Infinity, schedule: { type: 'constant' as const }, maxSeconds: 1000 };
    const { events } = await run({ ...options, resume: { ...state!, seconds: 1000 } });
    expect(events.at(-1)).toMatchObject({ type: 'end', step: 2, reason: 'time' });
    expect(events.at(-1)).toHaveProperty('seconds', expect.any(Number));
    expect((events.at(-1) as { seconds: number }).seconds).toBeGreaterThanOrEqual(1000);
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(async () => {
      const { state } = await run({ takeAt: atStep(3) });
      await run({ resume: state!, steps: 5 });
    });
  });

  it('has no state after the end', async () => {
    const tagger = smallTagger();
    let state: (() => Promise<TrainingState>) | undefined;
    for await (const event of train({ ...OPTIONS, tagger, steps: 1, schedule: { type: 'constant' } })) {
      if (event.type === 'start') ({ state } = event);
    }
    tagger.dispose();
    await expect(state!()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it.each([
    [{ seed: 6 }, 'seed'],
    [{ batchSize: 2 }, 'batchSize'],
    [{ dataset: validation }, 'examples'],
    [{ ema: null }, 'ema'],
  ])('refuses a state reached with other options: %j', async (options, name) => {
    const { state } = await run({ takeAt: atStep(1) });
    await expect(run({ ...options, resume: state! })).rejects.toThrow(withCode('INVALID_OPTION', name));
  });

  it('refuses the state of another model', async () => {
    const { state } = await run({ takeAt: atStep(1) });
    const { W_h: _gone, ...parameters } = state!.parameters;
    await expect(run({ resume: { ...state!, parameters } })).rejects.toMatchObject({ code: 'PARAMETER_MISMATCH' });
  });
});

/** Data with a NaN in some batches. */
function withNaN(positions: readonly number[]): Dataset {
  return {
    ...dataset,
    async *batches(options) {
      for await (const batch of dataset.batches(options)) {
        const inputs = batch.inputs.slice();
        if (positions.includes(batch.position)) inputs[37] = NaN;
        yield { ...batch, inputs };
      }
    },
  };
}

describeBackends('train on numbers that are not finite', () => {
  it('names step, iteration, tensor, example and element', async () => {
    await expect(run({ dataset: withNaN([4]) })).rejects.toThrow(
      withCode('NON_FINITE', 'step 5', 'iteration 1', 'inputs', 'element 5', 'NaN'),
    );
  });

  it('skips such steps up to the limit; they only change the counts', async () => {
    const { events } = await run({ dataset: withNaN([4, 7]), skipNonFinite: 2 });
    expect(events.filter(({ type }) => type === 'skip').map(timeless)).toMatchObject([
      { step: 5, iteration: 1, tensor: 'inputs', skipped: 1 },
      { step: 8, skipped: 2 },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'end', step: 9, reason: 'steps' });
    await expect(run({ dataset: withNaN([4, 7]), skipNonFinite: 1 })).rejects.toThrow(withCode('NON_FINITE', 'step 8'));
  });

  it('skips the same steps and continues to count when resumed', async () => {
    const how = { dataset: withNaN([2, 7]), skipNonFinite: 2 };
    const whole = await run(how);
    const { state } = await run({ ...how, takeAt: atStep(5) });
    expect(state).toMatchObject({ skipped: 1, step: 5, optimizer: { step: 4 }, ema: { updates: 4 } });
    expect((await run({ ...how, resume: await saved(state) })).parameters).toEqual(whole.parameters);
    await expect(run({ ...how, skipNonFinite: 1, resume: state! })).rejects.toMatchObject({ code: 'NON_FINITE' });
  });

  it('names a parameter that the previous update broke', async () => {
    const { state } = await run({ takeAt: atStep(3) });
    const { W_h, ...others } = state!.parameters;
    const broken = { shape: W_h!.shape, data: W_h!.data.map((value, i) => (i === 3 ? Infinity : value)) };
    await expect(run({ resume: { ...state!, parameters: { ...others, W_h: broken } } })).rejects.toThrow(
      withCode('NON_FINITE', 'step 4', 'iteration 1', "parameter 'W_h'", 'element 3', 'Infinity'),
    );
  });

  it('leaks nothing when it stops', async () => {
    await expectNoLeak(async () => {
      await expect(run({ dataset: withNaN([1]), validation: validation })).rejects.toThrow(withCode('NON_FINITE'));
    });
  });
});

describeBackends('assignWeights', () => {
  it.each([{ decay: 0.9 }, null])('gives a model what training would end with, ema %j', async (ema) => {
    const { parameters } = await run({ ema });
    const { state } = await run({ ema, takeAt: atStep(9) });
    await expectNoLeak(async () => {
      const tagger = smallTagger({ seed: 99 });
      assignWeights(tagger, await saved(state));
      expect(await readTree(tagger.parameters())).toEqual(parameters);
      tagger.dispose();
    });
  });

  it('refuses the weights of another model', async () => {
    const { state } = await run({ takeAt: atStep(1) });
    const tagger = smallTagger();
    const { W_h: _gone, ...weights } = state!.ema!.weights;
    const broken = { ...state!, ema: { updates: 1, weights } };
    expect(() => assignWeights(tagger, broken)).toThrow(expect.objectContaining({ code: 'PARAMETER_MISMATCH' }));
    tagger.dispose();
  });
});
