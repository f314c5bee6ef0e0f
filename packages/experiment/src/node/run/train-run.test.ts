import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { getRecipe, overrideRecipe, type Recipe } from '@taggerjs/recipes';
import { encodeNpz } from '@taggerjs/weights';
import { expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';

import { newHolder } from '../lock/holder';
import { leaseName } from '../lock/lease-file';
import { openModel } from './open-model';
import { openRun } from './open-run';
import type { TrainRunEvent } from './run-events';
import { resumeRun, trainRun } from './train-run';

const sizes = { train: 40, validation: 8, test: 8 };
const small = {
  'data.sizes': sizes,
  'model.core.hiddenSize': 8,
  'model.core.norm': 'batch',
  'model.core.mapping.sizes': [6],
  'training.batchSize': 4,
  'training.steps': 4,
  'training.ema.decay': 0.9,
  'evaluation.examples': 4,
  'evaluation.everySteps': 2,
  'checkpoint.everySteps': 1,
};
const tagger = overrideRecipe(getRecipe('shapes-quick'), small);
const colored = overrideRecipe(getRecipe('tetrominoes-small'), { ...small, 'data.side': 14 });
const classifier: Recipe = overrideRecipe(tagger, {
  name: 'classifier',
  model: { type: 'classifier', classes: 3, network: { type: 'ladder-network', sizes: [6], costWeights: [1, 1, 1] } },
  'training.classification': { labels: 20 },
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'experiment-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Consumes a training and stops it after a step. */
async function follow(
  train: (signal: AbortSignal) => AsyncIterable<TrainRunEvent>,
  stopAfter = Infinity,
): Promise<TrainRunEvent['type'][]> {
  const stop = new AbortController();
  const types: TrainRunEvent['type'][] = [];
  for await (const event of train(stop.signal)) {
    types.push(event.type);
    if (event.type === 'step' && event.step === stopAfter) stop.abort();
  }
  return types;
}

/** The metrics of a run, without times, and its model. */
async function results(path: string): Promise<unknown> {
  const metrics = await (await openRun(path)).metrics();
  const timeless = metrics.map(({ seconds: _seconds, evaluationSeconds: _own, ...record }) => record);
  return [timeless, (await readFile(join(path, 'model.safetensors'))).toString('base64')];
}

describe('trainRun and resumeRun', () => {
  beforeAll(() => tf.setBackend('wasm'));

  it.each([
    ['a Tagger', tagger],
    ['a Tagger of images in color', colored],
    ['a classifier', classifier],
  ])('end with the same bits as a run without a stop: %s', async (_, recipe) => {
    const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
    await expectNoLeak(async () => {
      await follow((signal) => trainRun(recipe, { folder: whole, signal }));
      const types = await follow((signal) => trainRun(recipe, { folder: parts, signal }), 3);
      expect(types[0]).toBe('run');
      expect(types).toContain('checkpoint');
      expect(types.slice(-2)).toEqual(['end', 'model']);
      expect(await (await openRun(parts)).finished()).toBe(false);
      expect(await follow((signal) => resumeRun(parts, { signal }))).toContain('step');
      expect(await results(parts)).toEqual(await results(whole));
      expect(await follow((signal) => resumeRun(parts, { signal }))).toEqual(['finished']);
    });
  });

  it('produce a run that opens the final model and checkpoints, and evaluates them', async () => {
    await follow((signal) => trainRun(tagger, { folder, signal }));
    await expectNoLeak(async () => {
      const run = await openRun(folder);
      const last = (await run.metrics()).filter(({ type }) => type === 'evaluation').at(-1);
      for (const model of [
        await run.loadModel(),
        await run.loadModel({ checkpoint: 'last' }),
        (await openModel(run.modelFile)).model,
      ]) {
        const { seed } = tagger.training;
        const scores = await model.evaluate(await run.dataset('validation'), { ...tagger.evaluation, seed });
        expect(scores).toMatchObject({ iterations: last?.['iterations'] });
        model.dispose();
      }
    });
  });

  it('say so if a checkpoint has an assignment for each value, but the inputs now have channels', async () => {
    const inputs = {
      dtype: 'U8',
      shape: [40, 2, 2, 3],
      data: Uint8Array.from({ length: 480 }, (_, i) => i % 2),
    } as const;
    await writeFile(join(folder, 'data.npz'), encodeNpz([['inputs', inputs]]));
    const data = { type: 'file', path: 'data.npz', holdOut: { validation: 0.2, test: 0.1 } };
    const recipe = overrideRecipe(tagger, { data: { ...data, inputShape: [12] } });
    const path = join(folder, 'run');
    await follow((signal) => trainRun(recipe, { folder: path, baseFolder: folder, signal }), 2);
    // As in a run of before, whose data have this shape.
    const { data: _digest, ...config } = JSON.parse(await readFile(join(path, 'config.json'), 'utf8'));
    config.recipe.data.inputShape = [2, 2, 3];
    await writeFile(join(path, 'config.json'), JSON.stringify(config));
    const refusal = { code: 'RUN_FOLDER', message: expect.stringContaining('data.inputShape set to [12]') };
    await expectNoLeak(async () => {
      await expect(follow((signal) => resumeRun(path, { signal }))).rejects.toMatchObject(refusal);
      await expect((await openRun(path)).loadModel({ checkpoint: 'last' })).rejects.toMatchObject(refusal);
    });
  });

  it('start from the weights of another run', async () => {
    await follow((signal) => trainRun(tagger, { folder: join(folder, 'first'), signal }));
    const from = join(folder, 'first');
    await follow((signal) => trainRun(tagger, { folder: join(folder, 'second'), from, signal }));
    expect((await openRun(join(folder, 'second'))).config.from).toMatchObject({ fresh: [], left: [] });
    await expect(
      follow((signal) => trainRun(classifier, { folder: join(folder, 'third'), from, signal })),
    ).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    expect(await readdir(folder)).toEqual(['first', 'second']);
  });

  it('never overwrite a run', async () => {
    await follow((signal) => trainRun(tagger, { folder, signal }), 1);
    await expect(follow((signal) => trainRun(tagger, { folder, signal }))).rejects.toMatchObject({
      code: 'RUN_FOLDER',
    });
  });

  it('release the folder if the iteration stops', async () => {
    await expectNoLeak(async () => {
      for await (const event of trainRun(tagger, { folder })) if (event.type === 'step') break;
    });
    expect(await readdir(folder)).not.toContain('lock');
    expect(await follow((signal) => resumeRun(folder, { signal }))).toContain('model');
  });

  it('end with the model: a consumer that stops there leaves a finished run', async () => {
    for await (const event of trainRun(tagger, { folder })) if (event.type === 'model') break;
    expect(await (await openRun(folder)).finished()).toBe(true);
  });

  it('describe the current backend by default', async () => {
    for await (const event of trainRun(tagger, { folder })) {
      if (event.type !== 'run') continue;
      // TensorFlow.js's own backend, which composes our operations from its own.
      expect(event.backend).toEqual({ name: 'wasm', description: 'wasm', threads: 1, kernels: [] });
      expect(event.run.config.environment).toMatchObject({ backend: 'wasm' });
      break;
    }
  });

  it('record the precision, warn if it is not the requested one, and keep it when they resume', async () => {
    const backend = { name: 'wasm', threads: 1, kernels: [], precision: 'float32', noBfloat16: 'no instructions' };
    const stop = new AbortController();
    const warnings: string[] = [];
    for await (const event of trainRun(tagger, { folder, backend, signal: stop.signal })) {
      if (event.type === 'warning') warnings.push(event.message);
      if (event.type === 'step') stop.abort();
    }
    expect(warnings).toEqual([expect.stringContaining('no instructions')]);
    const before: unknown[] = [];
    const resumed = resumeRun(folder, {
      backend: async (given) => {
        before.push(given);
        return { name: 'wasm', threads: 1, kernels: [] };
      },
    });
    for await (const event of resumed) if (event.type === 'run') break;
    expect(before).toEqual([expect.objectContaining({ name: 'wasm', precision: 'float32' })]);
    expect((await openRun(folder)).config.environment).toMatchObject({ precision: 'float32' });
  });

  it('keep the number of threads if they restart before the first checkpoint', async () => {
    const backend = { name: 'wasm', threads: 3, kernels: [] };
    for await (const event of trainRun(tagger, { folder, backend })) if (event.type === 'run') break;
    const before: unknown[] = [];
    const resumed = resumeRun(folder, {
      backend: async (given) => {
        before.push(given);
        return backend;
      },
    });
    for await (const event of resumed) if (event.type === 'run') break;
    expect(before).toEqual([{ name: 'wasm', precision: 'float32', threads: 3 }]);
  });

  it('stop when another process has taken the folder over', async () => {
    const events: string[] = [];
    const training = (async () => {
      for await (const event of trainRun(tagger, { folder })) {
        events.push(event.type);
        if (event.type === 'step') await rm(join(folder, 'lock'), { recursive: true });
      }
    })();
    await expect(training).rejects.toMatchObject({ name: 'ExperimentError', code: 'LOCK_LOST' });
    expect(events.filter((type) => type === 'step')).toHaveLength(1);
    expect(await readdir(folder)).not.toContain('model.safetensors');
    expect(await follow((signal) => resumeRun(folder, { signal }))).toContain('model');
  });

  it.each([
    ['trainRun', () => trainRun(tagger, { folder })],
    ['resumeRun', () => resumeRun(folder)],
  ])('warn before they wait for a process that cannot be seen: %s', async (name, train) => {
    if (name === 'resumeRun') await follow((signal) => trainRun(tagger, { folder, signal }), 1);
    const holder = { ...newHolder(1300), host: 'elsewhere', machine: '0123456789abcdef' };
    await mkdir(join(folder, 'lock'));
    await writeFile(join(folder, 'lock', leaseName({ holder, renewals: 0 })), '');
    const events: TrainRunEvent[] = [];
    for await (const event of train()) {
      events.push(event);
      if (event.type === 'run') break;
    }
    expect(events.map(({ type }) => type)).toEqual(['warning', 'run']);
    expect(events[0]).toMatchObject({ message: expect.stringMatching(/elsewhere.* 2 s/) });
  });

  it.each([
    [{ data: { type: 'mnist', folder: 'missing' } }],
    [{ 'training.classification': { labels: 20 } }],
    [{ data: { type: 'file', path: 'missing.npz' } }],
  ])('refuse %j before there is a folder', async (overrides) => {
    const recipe = overrideRecipe(tagger, overrides);
    const path = join(folder, 'run');
    await expect(follow((signal) => trainRun(recipe, { folder: path, signal }))).rejects.toMatchObject({
      name: 'ExperimentError',
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
