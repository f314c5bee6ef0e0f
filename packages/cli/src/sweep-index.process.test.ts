import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSession } from './testing/command-session';
import { TINY } from './testing/kill-run';
import { runContents } from './testing/run-contents';

const PLAN = ['shapes-quick', ...TINY, '--set=training.steps=3', '--seeds=0..2', '--dry-run'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-sweep-index-'));
});
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});
const { tagger, failure } = session;

describe('tagger sweep --index', () => {
  it('runs exactly one run of a plan, with the same result as `train`', async () => {
    expect(await tagger('sweep', ...PLAN, '--out=mine')).toMatchObject({ code: 0 });
    expect(await readdir(join(folder, 'mine'))).toEqual(['sweep.json']);
    const { stdout } = await tagger('sweep', 'mine', '--dry-run', '--json');
    expect(JSON.parse(stdout)).toEqual({ folder: join(folder, 'mine'), runs: 3 });
    expect(await tagger('sweep', 'mine', '--index=1', '--threads=1')).toMatchObject({ code: 0 });
    expect((await readdir(join(folder, 'mine'))).sort()).toEqual(['1-seed=1', 'sweep.json']);

    const alone = ['train', 'shapes-quick', ...TINY, '--steps=3', '--seed=1', '--threads=1', '--out=alone'];
    expect(await tagger(...alone)).toMatchObject({ code: 0 });
    expect(await runContents(join(folder, 'mine/1-seed=1'))).toEqual(await runContents(join(folder, 'alone')));
  });

  it('resumes a run that was stopped', async () => {
    const run = join(folder, 'mine/1-seed=1');
    const whole = await runContents(run);
    // As a run that was killed before its end.
    for (const file of ['finished.json', 'model.safetensors', 'checkpoints/step-000000003.safetensors']) {
      await rm(join(run, file));
    }
    expect(await tagger('sweep', 'mine', '--index=1', '--threads=1')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Resuming'),
    });
    expect(await runContents(run)).toEqual(whole);
  });

  it('leaves a finished run alone', async () => {
    const before = await readFile(join(folder, 'mine/1-seed=1/finished.json'), 'utf8');
    expect(await tagger('sweep', 'mine', '--index=1', '--threads=1')).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'mine/1-seed=1/finished.json'), 'utf8')).toBe(before);
  });

  it.each([
    ['an index out of range', 'USAGE', 2, ['mine', '--index=3']],
    ['a recipe instead of a sweep', 'USAGE', 2, ['shapes-quick', '--index=0']],
    ['a run instead of a sweep', 'USAGE', 2, ['mine/1-seed=1', '--index=0']],
    ['options of the plan', 'USAGE', 2, ['mine', '--index=0', '--seeds=1']],
    ['another backend than planned', 'USAGE', 2, ['mine', '--index=0', '--backend=cpu']],
  ])('refuses %s', async (_, code, exitCode, args) => {
    const before = await readdir(folder, { recursive: true });
    expect(await failure('sweep', ...args)).toMatchObject({ code, exitCode });
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });

  it('refuses a folder with a run of another sweep, and leaves it as it is', async () => {
    const other = join(folder, 'other');
    await cp(join(folder, 'mine'), other, { recursive: true });
    const plan = await readFile(join(other, 'sweep.json'), 'utf8');
    await writeFile(join(other, 'sweep.json'), plan.replaceAll('"seed": 1', '"seed": 7'));
    const before = await runContents(join(other, '1-seed=1'));
    expect(await failure('sweep', 'other', '--index=1', '--threads=1')).toMatchObject({
      code: 'RUN_FOLDER',
      exitCode: 1,
    });
    expect(await runContents(join(other, '1-seed=1'))).toEqual(before);
  });
});

describe('tagger sweep --status', () => {
  it('prints the state of every run', async () => {
    const { code, stdout } = await tagger('sweep', 'mine', '--status', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).runs).toEqual([
      { index: 0, name: '0-seed=0', state: 'not started', step: 0, steps: null, slurm: null },
      { index: 1, name: '1-seed=1', state: 'finished', step: 3, steps: 3, slurm: null },
      { index: 2, name: '2-seed=2', state: 'not started', step: 0, steps: null, slurm: null },
    ]);
    expect((await tagger('sweep', 'mine', '--status')).stdout).toMatch(
      /^3 runs: 1 finished, 0 started, 2 not started$/m,
    );
  });

  it('reports a run whose folder is damaged, and the others', async () => {
    const run = join(folder, 'broken/0-seed=0');
    await cp(join(folder, 'mine'), join(folder, 'broken'), { recursive: true });
    await cp(join(folder, 'broken/1-seed=1'), run, { recursive: true });
    await writeFile(join(run, 'metrics.jsonl'), '\0\0\0\n');
    const { code, stdout, stderr } = await tagger('sweep', 'broken', '--status', '--json');
    expect(code).toBe(0);
    const { runs } = JSON.parse(stdout);
    expect(runs.map(({ state }: { state: string }) => state)).toEqual(['damaged', 'finished', 'not started']);
    expect(runs[0].error).toContain('metrics.jsonl');
    expect(stderr).toContain('metrics.jsonl');
  });
});
