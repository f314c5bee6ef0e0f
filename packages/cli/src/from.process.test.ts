// `tagger train --from`: training starts from another model, with layers on top.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { decodeSafetensors, type NamedTensor } from '@taggerjs/weights';

import { runTagger } from './testing/command';
import { runContents } from './testing/run-contents';

let folder: string;
const tagger = (...args: string[]) => runTagger(folder, args);

const COMMON = [
  '--data.sizes={"train":300,"validation":20,"test":20}',
  '--model.core.hiddenSize=12',
  '--training.batchSize=5',
  '--training.steps=6',
  '--training.schedule.warmupSteps=0',
  '--evaluation.examples=10',
  '--evaluation.figureExamples=0',
  '--threads=1',
];
const CLASSIFY = [
  'train',
  'texture-mnist-2-classify-small',
  ...COMMON,
  '--model.core.mapping.sizes=[8,6,11]',
  '--training.classification.labels=10',
  '--training.classification.batchSize=5',
  '--quiet',
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-from-'));
  const first = ['train', 'texture-mnist-2-small', ...COMMON, '--model.core.mapping.sizes=[8,6]', '--quiet'];
  expect(await tagger(...first, '--out=first')).toMatchObject({ code: 0 });
  expect(await tagger(...CLASSIFY, '--from=first', '--out=second')).toMatchObject({ code: 0 });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const tensorsOf = async (run: string): Promise<Readonly<Record<string, NamedTensor>>> =>
  decodeSafetensors(await readFile(join(folder, run, 'model.safetensors'))).tensors;
const configOf = async (run: string) =>
  JSON.parse(await readFile(join(folder, run, 'config.json'), 'utf8')) as {
    from: { model: string; taken: string[]; fresh: string[]; left: string[]; differences: object };
  };

describe('tagger train --from', () => {
  it('copies the weights and records which ones', async () => {
    const { from } = await configOf('second');
    expect(from.model).toBe(join(folder, 'first', 'model.safetensors'));
    const source = await tensorsOf('first');
    expect([...from.taken, ...from.left].sort()).toEqual(Object.keys(source).sort());
    expect(from.left).toEqual(['ladder/c']);
    expect(from.fresh).toEqual(expect.arrayContaining(['ladder/W_3', 'ladder/V_2', 'ladder/c']));

    // A step with a negligible learning rate shows the initial weights. An EMA would round them.
    const still = ['--training.optimizer.learningRate=1e-30', '--training.steps=1', '--training.ema=null'];
    expect(await tagger(...CLASSIFY, ...still, '--from=first/model.safetensors', '--out=still')).toMatchObject({
      code: 0,
    });
    const begun = await tensorsOf('still');
    for (const name of from.taken) expect(begun[name]).toEqual(source[name]);
  }, 60_000);

  it('reports which weights it copies, and which settings differ', async () => {
    const loud = CLASSIFY.filter((word) => word !== '--quiet');
    const { code, stderr } = await tagger(...loud, '--from=first', '--out=loud', '--training.steps=1');
    expect(code).toBe(0);
    expect(stderr).toMatch(/Taken from first.model\.safetensors: \d+ tensors \(W_h, .*ladder\/W_2.*logVariance/);
    expect(stderr).toMatch(/New: \d+ tensors \(ladder\/W_3, .*ladder\/a\*_3/);
    expect(stderr).toMatch(/Not taken: 1 tensor \(ladder\/c\)/);
  }, 60_000);

  it('reaches the same bits if it is stopped before its first checkpoint', async () => {
    expect(await tagger(...CLASSIFY, '--from=first', '--out=cut')).toMatchObject({ code: 0 });
    for (const name of ['checkpoints', 'finished.json', 'model.safetensors']) {
      rmSync(join(folder, 'cut', name), { recursive: true });
    }
    const { code, stderr } = await tagger('resume', 'cut', '--quiet');
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('starts from the beginning') });
    expect(await runContents(join(folder, 'cut'))).toEqual(await runContents(join(folder, 'second')));
  }, 60_000);

  it('resumes from a checkpoint without the source model, but needs one of the two', async () => {
    const first = join(folder, 'other.safetensors');
    writeFileSync(first, await readFile(join(folder, 'first', 'model.safetensors')));
    const from = ['--from=other.safetensors', '--out=gone', '--checkpoint.everySteps=3', '--checkpoint.keep=9'];
    expect(await tagger(...CLASSIFY, ...from)).toMatchObject({ code: 0 });
    rmSync(first);
    for (const name of ['checkpoints/step-000000006.safetensors', 'finished.json']) {
      rmSync(join(folder, 'gone', name));
    }
    expect(await tagger('resume', 'gone', '--quiet')).toMatchObject({ code: 0 });
    expect((await runContents(join(folder, 'gone'))).model).toBe((await runContents(join(folder, 'second'))).model);

    for (const name of ['checkpoints', 'finished.json']) rmSync(join(folder, 'gone', name), { recursive: true });
    expect(await tagger('resume', 'gone', '--quiet')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("other.safetensors', which is gone, and has no checkpoint yet"),
    });
  }, 60_000);

  it.each([
    [['--from=nothing'], /'nothing' does not exist/],
    [['--from=first', '--model.core.hiddenSize=13'], /'W_h' has shape \[3136,12\] in the source, \[3136,13\] in the/],
    [['--from=first', '--model.core.mapping.sizes=[9,11]'], /'ladder\/W_1' has shape \[12,8\] in the source/],
  ])('refuses %j', async (words, problem) => {
    const { code, stderr } = await tagger(...CLASSIFY, '--out=refused', ...words);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(problem);
    await expect(readFile(join(folder, 'refused', 'config.json'))).rejects.toThrow();
  });

  it('refuses recipes of classifiers', async () => {
    expect(await tagger('train', 'ladder-mnist-100', '--from=first', '--out=refused')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--from needs a recipe of a Tagger'),
    });
  });
});
