import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { getRecipe, overrideRecipe } from '@taggerjs/recipes';

import { openSession } from './testing/command-session';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-compare-'));
  await writeRun('a', { 'training.seed': 0 }, [0.1, 0.5]);
  await writeRun('b', { 'training.seed': 1 }, [0.2, 0.7]);
  await writeRun('c', { 'training.seed': 0, 'training.batchSize': 7 }, [0.1, 0.3]);
  await writeRun('new', { 'training.seed': 9 }, []);
});
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});
const { tagger } = session;

/** A run folder as `tagger train` leaves it, without the model. */
async function writeRun(name: string, overrides: Record<string, number>, amis: readonly number[]): Promise<void> {
  await mkdir(join(folder, name));
  const recipe = overrideRecipe(getRecipe('shapes-quick'), { 'training.steps': 1, ...overrides });
  const config = { version: '0', started: '', environment: {}, baseFolder: '.', recipe };
  await writeFile(join(folder, name, 'config.json'), JSON.stringify(config));
  const records = amis.map((ami, i) => ({
    type: 'evaluation',
    step: i,
    iterations: [{ iteration: 1, cost: 0.1, ami }],
  }));
  await writeFile(join(folder, name, 'metrics.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

describe('tagger compare', () => {
  it('compares the finished runs of a half-finished sweep', async () => {
    await mkdir(join(folder, 'sweep'));
    await writeRun('sweep/0', { 'training.seed': 0 }, [0.1, 0.5]);
    await writeFile(join(folder, 'sweep/0/finished.json'), '{}');
    await writeRun('sweep/1', { 'training.seed': 1 }, [0.1]);
    const runs = ['0', '1', '2'].map((name) => ({ name, seed: Number(name), settings: {} }));
    await writeFile(join(folder, 'sweep/sweep.json'), JSON.stringify({ version: '0', recipe: 'shapes-quick', runs }));
    const { code, stdout } = await tagger('compare', 'sweep', '--json');
    expect(code).toBe(0);
    const { groups, unfinished, notStarted } = JSON.parse(stdout);
    expect(groups[0].runs).toEqual([expect.objectContaining({ path: 'sweep/0' })]);
    expect([unfinished, notStarted]).toEqual([['sweep/1'], 1]);
  });

  it('reports a run whose folder is damaged, and compares the others', async () => {
    await writeRun('sweep/2', { 'training.seed': 2 }, [0.1, 0.6]);
    await writeFile(join(folder, 'sweep/2/config.json'), '{"recipe":');
    const { code, stdout, stderr } = await tagger('compare', 'sweep', '--json');
    const { groups, damaged } = JSON.parse(stdout);
    expect([code, groups[0].runs.length, damaged]).toEqual([0, 1, ['sweep/2']]);
    expect(stderr).toContain('sweep/2');
    expect(await tagger('compare', 'sweep', 'nowhere')).toMatchObject({ code: 1, stdout: '' });
  });

  it('prints one row for runs that differ only in the seed', async () => {
    const { code, stdout, stderr } = await tagger('compare', 'a', 'b', 'c', 'new');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("'new'") });
    expect(stdout).toMatch(/^ {2}shapes-quick training\.batchSize=50 \(2 runs\) +0\.600\n +0\.550\.\.0\.650\n/m);
    expect(stdout).toMatch(/^ {2}shapes-quick training\.batchSize=7 +0\.300\n/m);
  });

  it('draws curves, writes tables, and prints JSON', async () => {
    const { code, stdout } = await tagger('compare', 'a', 'b', '--out', 'curves', '--json');
    expect(code).toBe(0);
    const { groups, curves, tables } = JSON.parse(stdout);
    expect(groups[0].iterations[0].ami).toMatchObject({ median: 0.6, low: 0.5, high: 0.7 });
    expect(curves).toEqual(['curves-ami.svg', 'curves-ami.png', 'curves-cost.svg', 'curves-cost.png']);
    expect(tables).toEqual(['curves.md', 'curves.csv']);
    expect(await readdir(folder)).toEqual(expect.arrayContaining([...curves, ...tables]));
  });
});
