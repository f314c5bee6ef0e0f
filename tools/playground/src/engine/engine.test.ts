import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { shapes } from '@taggerjs/datasets';
import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { segmentationScores } from '@taggerjs/metrics';
import { bitflip, gaussian } from '@taggerjs/noise';
import { createTagger, group, saveTagger, type Tagger } from '@taggerjs/tagger';
import { loadTaggerFile } from '@taggerjs/experiment/node';
import { pretrainedUrl } from '@taggerjs/pretrained';

import { Engine } from './engine';
import type { GroupRequest, TrainReport, TrainRequest } from './calls';
import { colorDataset, firstImages } from '../images/color-images';
import { decodeTextures } from '../images/textures';
import { colorDataOf } from '../models/model-kinds';

const FILE = fileURLToPath(pretrainedUrl('shapes'));
const shipped = readFileSync(FILE);
const GROUPING = { groups: 4, iterations: 5, seed: 3 };
const REQUEST = { ...GROUPING, noise: 0 };

const training: TrainRequest = {
  from: 'nothing',
  sizes: [30, 20],
  steps: 3,
  batchSize: 10,
  learningRate: 1e-3,
  seed: 1,
  everySeconds: 100,
};

let engine: Engine;
beforeEach(async () => {
  engine = new Engine({ threads: 1 });
  await engine.setUp('wasm');
});

async function sample(index: number): Promise<GroupRequest> {
  const { inputs, segments } = await shapes({ split: 'test' }).examples([index]);
  return { ...REQUEST, inputs, segments };
}

describe('group', () => {
  it('matches `group` of @taggerjs/tagger, and adds the initial state', async () => {
    expect(await engine.load(new Uint8Array(shipped), 'shapes')).toMatchObject({ groups: 4, sizes: '500-250-125' });
    const request = await sample(4);
    const { states } = await engine.group(request);
    expect(states.map(({ iteration }) => iteration)).toEqual([0, 1, 2, 3, 4, 5]);

    const tagger = await loadTaggerFile(FILE);
    const { iterations } = await group(tagger, request.inputs, GROUPING);
    for (const [i, { prediction, assignment, cost, segments }] of iterations.entries()) {
      expect(states[i + 1]!.prediction).toEqual(prediction);
      expect(states[i + 1]!.assignment).toEqual(assignment);
      expect(states[i + 1]!.cost).toBeCloseTo(cost, 6);
      expect(states[i + 1]!.ami).toBe(segmentationScores(request.segments!, segments, { size: 1 })[0]);
    }
    // The initial state: the same prediction for all groups, and assignments that sum to one.
    expect(new Set(states[0]!.prediction)).toEqual(new Set([Math.fround(tagger.config.initialPrediction)]));
    const sums = Array.from({ length: 400 }, (_, n) =>
      [0, 1, 2, 3].reduce((s, k) => s + states[0]!.assignment[k * 400 + n]!, 0),
    );
    for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
    tagger.dispose();
  });

  it('flips the requested fraction of elements, the same for the same seed', async () => {
    await engine.load(new Uint8Array(shipped), 'shapes');
    const request = { ...(await sample(4)), noise: 0.3 };
    const { corrupted } = await engine.group(request);
    const turned = corrupted.filter((x, n) => x !== request.inputs[n]).length / 400;
    expect(Math.abs(turned - 0.3)).toBeLessThan(0.08);
    expect((await engine.group(request)).corrupted).toEqual(corrupted);
  });
});

describe('a model of textured digits', () => {
  const image = decodeTextures(new Uint8Array(readFileSync(join(__dirname, '../../samples/textures.npz'))))[7]!;
  let file: Uint8Array;
  let tagger: Tagger;
  beforeAll(async () => {
    await new Engine({ threads: 1 }).setUp('wasm');
    tagger = createTagger({
      inputShape: [28, 28],
      noise: gaussian(),
      core: projected({ hiddenSize: 12, mapping: ladder({ sizes: [8] }) }),
      data: { mean: 0.5, standardDeviation: 0.35 },
      seed: 1,
    });
    file = await saveTagger(tagger);
  });
  afterAll(() => tagger.dispose());

  it('matches `group` of @taggerjs/tagger', async () => {
    await engine.load(file, 'textures');
    const { states, corrupted } = await engine.group({ ...REQUEST, ...image });
    expect(corrupted).toEqual(image.inputs);
    const { iterations } = await group(tagger, image.inputs, GROUPING);
    for (const [i, { prediction, assignment, cost, segments }] of iterations.entries()) {
      const state = states[i + 1]!;
      expect(state.prediction).toEqual(prediction);
      expect(state.assignment).toEqual(assignment);
      expect(state.cost).toBeCloseTo(cost, 6);
      expect(state.ami).toBe(segmentationScores(image.segments!, segments, { size: 1 })[0]);
    }
  });

  it('adds noise of the requested standard deviation, the same for the same seed', async () => {
    await engine.load(file, 'textures');
    const request = { ...REQUEST, ...image, noise: 0.3 };
    const { corrupted } = await engine.group(request);
    const added = corrupted.map((x, n) => x - image.inputs[n]!);
    const mean = added.reduce((sum, value) => sum + value, 0) / 784;
    const deviation = Math.sqrt(added.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 784);
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.abs(deviation - 0.3)).toBeLessThan(0.03);
    expect((await engine.group(request)).corrupted).toEqual(corrupted);
  });

  it('is refused for images of shapes, and a model of shapes here', async () => {
    await expect(engine.load(file, 'shapes')).rejects.toThrow();
    const shapes = new Uint8Array(shipped);
    await expect(engine.load(shapes, 'textures')).rejects.toThrow();
    await engine.load(shapes, 'shapes');
    await expect(engine.group({ ...REQUEST, ...image })).rejects.toThrow();
  });
});

describe.each([
  ['tetrominoes', [35, 35, 3], bitflip()],
  ['tetrominoes', [14, 14, 3], gaussian()],
  ['multi-dsprites', [16, 16, 3], gaussian()],
] as const)('a model of color images, %s', (name, inputShape, noise) => {
  it('is loaded instead of any other, and matches `group` of @taggerjs/tagger', async () => {
    const tagger = createTagger({
      inputShape,
      noise,
      core: projected({ hiddenSize: 12, mapping: ladder({ sizes: [8] }) }),
      data: { mean: 0.3, standardDeviation: 0.35 },
      seed: 1,
    });
    const loaded = await engine.load(await saveTagger(tagger), 'shapes');
    expect(loaded).toMatchObject({ kind: 'color', inputShape, noise: noise.config.type });
    const dataset = colorDataset(colorDataOf(loaded.inputShape, loaded.noise)!, loaded.inputShape);
    expect(dataset.name).toBe(`${name}/test`);
    const [, image] = await firstImages(dataset, 2);
    const { inputs, segments } = await dataset.examples([1]);
    expect(image).toEqual({ inputs, segments });

    const { states } = await engine.group({ ...REQUEST, ...image! });
    const { iterations } = await group(tagger, inputs, GROUPING);
    for (const [i, expected] of iterations.entries()) {
      const state = states[i + 1]!;
      expect(state.prediction).toEqual(expected.prediction);
      expect(state.assignment).toEqual(expected.assignment);
      expect(state.cost).toBeCloseTo(expected.cost, 6);
      expect(state.ami).toBe(segmentationScores(segments!, expected.segments, { size: 1 })[0]);
    }
    // The initial state has an assignment per pixel too.
    expect(states[0]!.assignment).toHaveLength(states[1]!.assignment.length);
    expect(states[0]!.modelingError).toHaveLength(states[0]!.prediction.length);
    tagger.dispose();
  });
});

describe('load', () => {
  it.each([
    ['images that the page does not have', [12, 12, 3], gaussian(), 'shapes'],
    ['bit flips of colors that are not zeros and ones', [16, 16, 3], bitflip(), 'color'],
    ['gray images as ones in color', [20, 20], bitflip(), 'color'],
  ] as const)('refuses a model of %s', async (_, inputShape, noise, kind) => {
    const core = projected({ hiddenSize: 4, mapping: ladder({ sizes: [2] }) });
    const tagger = createTagger({ inputShape, noise, core, initialPrediction: 0.5 });
    await expect(engine.load(await saveTagger(tagger), kind)).rejects.toThrow(`[${inputShape}]`);
    tagger.dispose();
  });

  it('refuses an invalid file and keeps the current model', async () => {
    await engine.load(new Uint8Array(shipped), 'shapes');
    await expect(engine.load(new Uint8Array(20), 'shapes')).rejects.toThrow();
    expect((await engine.group(await sample(1))).states).toHaveLength(6);
  });
});

describe('train', () => {
  it('reports its progress, saves the trained model, and continues', async () => {
    const reports: TrainReport[] = [];
    await engine.train(training, (report) => reports.push(report));
    expect(reports.map(({ type }) => type)).toEqual([
      'start',
      'evaluation',
      'step',
      'step',
      'step',
      'evaluation',
      'end',
    ]);
    const evaluation = reports.findLast((report) => report.type === 'evaluation');
    expect(evaluation?.watched).toHaveLength(6);
    const saved = await engine.save();

    const more: TrainReport[] = [];
    await engine.train({ ...training, from: 'before', steps: 2 }, (report) => more.push(report));
    expect(more.filter(({ type }) => type === 'step').map((report) => report.type === 'step' && report.step)).toEqual([
      4, 5,
    ]);
    expect(await engine.save()).not.toEqual(saved);
    await engine.load(saved, 'shapes');
    expect(await engine.save()).toEqual(saved);
  });

  it('stops after the current step, and can continue', async () => {
    const reports: TrainReport[] = [];
    await engine.train({ ...training, steps: 1000 }, (report) => {
      reports.push(report);
      if (report.type === 'step' && report.step === 2) engine.stop();
    });
    expect(reports.at(-1)).toEqual({ type: 'end', step: 2, reason: 'aborted' });
    const more: TrainReport[] = [];
    await engine.train({ ...training, from: 'before', steps: 1 }, (report) => more.push(report));
    expect(more.at(-1)).toMatchObject({ type: 'end', step: 3 });
  });

  it('refuses to continue before the first training', async () => {
    await expect(engine.train({ ...training, from: 'before' }, () => {})).rejects.toThrow();
  });
});
