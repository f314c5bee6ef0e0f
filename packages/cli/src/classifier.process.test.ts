// The command as users run it, with a recipe of a classifier.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runTagger } from './testing/command';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-classifier-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The Ladder of a hundred labels, small enough for seconds. */
const SMALL = [
  'train',
  'ladder-mnist-100',
  '--model.network.sizes=[30]',
  '--model.network.costWeights=[10,1,0.1]',
  '--evaluation.examples=500',
  '--evaluation.everySteps=20',
  '--training.steps=40',
  '--training.optimizer.learningRate=0.02',
  '--threads=1',
];

describe('tagger with a classifier', () => {
  it('trains it, keeps the best, and measures its error on all test digits', async () => {
    const trained = await runTagger(folder, [...SMALL, '--out=run', '--json']);
    expect(trained).toMatchObject({ code: 0 });
    const { moments } = JSON.parse(trained.stdout) as {
      moments: { label: string; examples: number; classificationError: number; classificationCost: number }[];
    };
    expect(moments.map(({ label }) => label)).toEqual(['untrained', 'step 20', 'trained (40 steps)']);
    const [before, , after] = moments;
    expect(after!.examples).toBe(500);
    expect(after!.classificationError).toBeLessThan(before!.classificationError - 0.2);
    expect(after!.classificationCost).toBeLessThan(before!.classificationCost);

    const measured = await runTagger(folder, ['evaluate', 'run', '--json']);
    expect(measured).toMatchObject({ code: 0 });
    const scores = JSON.parse(measured.stdout) as { examples: number; classificationError: number };
    expect(scores.examples).toBe(10_000);
    expect(Math.abs(scores.classificationError - after!.classificationError)).toBeLessThan(0.1);

    // The checkpoints of the end and of the best evaluation, which is one of the two.
    const atEnd = await runTagger(folder, ['evaluate', 'run', '--checkpoint=last', '--json']);
    expect(JSON.parse(atEnd.stdout)).toMatchObject({
      checkpoint: 'last',
      examples: 10_000,
      classificationError: scores.classificationError,
    });
    const best = await runTagger(folder, ['evaluate', 'run', '--checkpoint=best', '--examples=100', '--json']);
    expect(best).toMatchObject({ code: 0 });
    expect(await runTagger(folder, ['evaluate', 'run', '--checkpoint=7'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no checkpoint of step 7'),
    });
    for (const command of [
      ['group', 'run', 'x.png'],
      ['export', 'run', '--out=x.safetensors'],
      ['export', 'run', '--out=x.safetensors', '--checkpoint=best'],
    ]) {
      expect(await runTagger(folder, command)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('run of a classifier, which has no groups'),
      });
    }

    const shown = await runTagger(folder, ['evaluate', 'run', '--examples=300']);
    expect(shown.stdout).toMatch(/classification error\n +test +\d+\.\d\d %/);
    const rows = await runTagger(folder, ['metrics', 'run']);
    expect(rows.stdout.split('\n')[0]).toContain('evaluation/classificationError');
    const none = await runTagger(folder, ['show', 'run']);
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('run of a classifier, which has no groups'),
    });
    expect(await runTagger(folder, ['show', 'run', '--report', '--of=200'])).toMatchObject({
      code: 0,
      stdout: 'run/report.html\n',
    });
    const report = await readFile(join(folder, 'run', 'report.html'), 'utf8');
    expect(report).toMatch(/<h2>Classes<\/h2>[^]*<table class="confusion">/);
    expect(report).not.toContain('<h2>Groups</h2>');
    const finished = await runTagger(folder, ['resume', 'run']);
    expect(finished.stdout).toContain('trained to its end');
  });
});
