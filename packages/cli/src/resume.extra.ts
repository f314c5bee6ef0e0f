// Tests that take minutes: part of `npm run test:all`.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { runTagger } from './testing/command';
import { killAndResume, TINY } from './testing/kill-run';
import { runContents } from './testing/run-contents';

const STEPS = 150;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-extra-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a training killed a hundred times', () => {
  it('reaches the same bits as an uninterrupted one', async () => {
    const args = ['train', 'shapes-quick', ...TINY, `--training.steps=${STEPS}`, '--threads=1', '--out', 'whole'];
    expect(await runTagger(folder, args)).toMatchObject({ code: 0 });
    const whole = await runContents(join(folder, 'whole'));

    const lanes = await Promise.all([
      killAndResume(folder, { kills: 51, steps: STEPS, seed: 2016, name: 'one' }),
      killAndResume(folder, { kills: 51, steps: STEPS, seed: 622, name: 'two' }),
    ]);
    const total = (key: 'kills' | 'aimed' | 'cut') => lanes.reduce((sum, lane) => sum + lane[key], 0);
    console.log(
      `${total('kills')} kills, ${total('aimed')} aimed into checkpoints, ${total('cut')} of which were cut off`,
    );
    expect(total('kills')).toBeGreaterThanOrEqual(100);
    expect(total('aimed')).toBeGreaterThanOrEqual(33);
    // At least some kills must hit the writing of a checkpoint, or this test shows little.
    expect(total('cut')).toBeGreaterThan(5);
    for (const run of lanes.flatMap(({ runs }) => runs)) {
      expect(await runContents(join(folder, run))).toEqual(whole);
    }
  }, 1_800_000);
});

describe('ten thousand steps', () => {
  it('leak no tensors or memory', () => {
    const soak = resolve(__dirname, '../../../tools/bench/src/soak.ts');
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--expose-gc',
        '--max-semi-space-size=4',
        '--conditions=@taggerjs/source',
        '--import',
        'tsx',
        soak,
        '--steps',
        '10000',
        '--settled',
        '1000',
        '--threads',
        '1',
        '--batchSize',
        '4',
        '--hiddenSize',
        '16',
      ],
      { encoding: 'utf8', cwd: resolve(__dirname, '../../..') },
    );
    console.log(stdout || stderr);
    expect(JSON.parse(stdout)).toMatchObject({ steps: 10_000, flat: true, leftAfterDispose: 0 });
  }, 1_800_000);
});
