// `tagger train --from`: training starts from another model, with layers on top.
import { copyFile, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { decodeSafetensors, type NamedTensor } from '@taggerjs/weights';

import type { CommandResult } from './testing/command';
import { openSession } from './testing/command-session';
import { runContents } from './testing/run-contents';

let folder: string;

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
];

let second: CommandResult;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-from-'));
  const first = ['train', 'texture-mnist-2-small', ...COMMON, '--model.core.mapping.sizes=[8,6]', '--quiet'];
  expect(await tagger(...first, '--out=first')).toMatchObject({ code: 0 });
  await copyFile(join(folder, 'first', 'model.safetensors'), join(folder, 'other.safetensors'));
  const checkpoints = ['--checkpoint.everySteps=3', '--checkpoint.keep=9'];
  second = await tagger(...CLASSIFY, '--from=other.safetensors', '--out=second', ...checkpoints);
  expect(second).toMatchObject({ code: 0 });
}, 120_000);
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});
const { tagger, failure } = session;

const tensorsOf = async (run: string): Promise<Readonly<Record<string, NamedTensor>>> =>
  decodeSafetensors(await readFile(join(folder, run, 'model.safetensors'))).tensors;
const configOf = async (run: string) =>
  JSON.parse(await readFile(join(folder, run, 'config.json'), 'utf8')) as {
    from: { model: string; taken: string[]; fresh: string[]; left: string[]; differences: object };
  };

/** A copy of the finished run without some of its files, as if it had been stopped. */
async function stopped(run: string, missing: readonly string[]): Promise<void> {
  await cp(join(folder, 'second'), join(folder, run), { recursive: true });
  for (const name of missing) await rm(join(folder, run, name), { recursive: true });
}

describe('tagger train --from', () => {
  it('copies the weights, and records which ones', async () => {
    const { from } = await configOf('second');
    expect(from.model).toBe(join(folder, 'other.safetensors'));
    const source = await tensorsOf('first');
    expect([...from.taken, ...from.left].sort()).toEqual(Object.keys(source).sort());
    expect(from.left).toEqual(['ladder/c']);
    expect(from.fresh).toEqual(expect.arrayContaining(['ladder/W_3', 'ladder/V_2', 'ladder/c']));

    // A step with a negligible learning rate shows the initial weights. An EMA would round them.
    const still = ['--training.optimizer.learningRate=1e-30', '--training.steps=1', '--training.ema=null'];
    expect(await tagger(...CLASSIFY, ...still, '--from=first', '--out=still', '--quiet')).toMatchObject({ code: 0 });
    const begun = await tensorsOf('still');
    for (const name of from.taken) expect(begun[name]).toEqual(source[name]);
  }, 60_000);

  it('reports which weights it copies, and which settings differ', () => {
    const { stderr } = second;
    expect(stderr).toMatch(/Taken from other\.safetensors: \d+ tensors \(W_h, .*ladder\/W_2.*logVariance/);
    expect(stderr).toMatch(/New: \d+ tensors \(ladder\/W_3, .*ladder\/a\*_3/);
    expect(stderr).toMatch(/Not taken: 1 tensor \(ladder\/c\)/);
  });

  it('reaches the same bits if it is stopped before its first checkpoint', async () => {
    await stopped('cut', ['checkpoints', 'finished.json', 'model.safetensors']);
    const { code, stderr } = await tagger('resume', 'cut', '--quiet');
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('starts from the beginning') });
    expect(await runContents(join(folder, 'cut'))).toEqual(await runContents(join(folder, 'second')));
  }, 60_000);

  it.each([
    [['--from=nothing'], 'FILE', 'nothing'],
    [['--from=first', '--model.core.hiddenSize=13'], 'INVALID_OPTION', "'W_h' has shape [3136,12]"],
    [['--from=first', '--model.core.mapping.sizes=[9,11]'], 'INVALID_OPTION', "'ladder/W_1' has shape [12,8]"],
  ])('refuses %j', async (words, code, problem) => {
    const refused = await failure(...CLASSIFY, '--out=refused', ...words);
    expect(refused).toMatchObject({ code, message: expect.stringContaining(problem) });
    expect(await readdir(folder)).not.toContain('refused');
  });

  it('resumes from a checkpoint without the source model, but needs one of the two', async () => {
    await stopped('gone', ['checkpoints/step-000000006.safetensors', 'finished.json']);
    await rm(join(folder, 'other.safetensors'));
    expect(await tagger('resume', 'gone', '--quiet')).toMatchObject({ code: 0 });
    expect((await runContents(join(folder, 'gone'))).model).toBe((await runContents(join(folder, 'second'))).model);

    await stopped('lost', ['checkpoints', 'finished.json']);
    expect(await failure('resume', 'lost', '--quiet')).toMatchObject({
      code: 'RUN_FOLDER',
      message: expect.stringContaining('other.safetensors'),
    });
  }, 60_000);
});
