import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BIN } from './testing/command';
import { openSession } from './testing/command-session';
import { TINY } from './testing/kill-run';
import { readEvents } from './testing/read-events';

const STEPS = 12;
const SMALL = [...TINY, '--evaluation.everySteps=5', '--evaluation.figureExamples=1', '--threads=1'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-metrics-'));
  const run = await tagger('train', 'shapes-quick', ...SMALL, `--training.steps=${STEPS}`, '--out=run', '--tensorboard=logs'); // prettier-ignore
  expect(run).toMatchObject({ code: 0 });
});
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});
const { tagger } = session;

interface Record {
  readonly step: number;
  readonly seconds: number;
  readonly cost: number;
  readonly costs: number[];
  readonly iterations: { readonly ami: number }[];
}

/** The records of a run's metrics of one type. */
const records = (run: string, type: 'step' | 'evaluation'): Record[] =>
  readFileSync(join(folder, run, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((record) => record.type === type);

describe('tagger metrics', () => {
  it('prints a row for each step and each evaluation as CSV', async () => {
    const { code, stdout, stderr } = await tagger('metrics', 'run');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [header = '', ...lines] = stdout.trimEnd().split('\n');
    const names = header.split(',');
    expect(names.slice(0, 2)).toEqual(['step', 'seconds']);
    const rows = lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i], value])));
    const steps = records('run', 'step');
    expect(rows).toHaveLength(STEPS + 4);
    for (const { step, seconds, cost, costs } of steps) {
      const row = rows.find((row) => row['step'] === String(step) && row['training/cost'] !== '');
      expect(row).toMatchObject({ seconds: String(seconds), 'training/cost': String(cost) });
      expect(row).toMatchObject({ 'training/cost/3': String(costs[2]), 'evaluation/ami/1': '' });
    }
    const evaluations = rows.filter((row) => row['evaluation/ami/5'] !== '');
    expect(evaluations.map((row) => row['step'])).toEqual(['0', '5', '10', '12']);
    expect(evaluations[3]!['evaluation/ami/5']).toBe(String(records('run', 'evaluation')[3]!.iterations[4]!.ami));
    // Seconds since the start of training, which never decrease, not the duration of each evaluation.
    const seconds = rows.map((row) => Number(row['seconds']));
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  });

  it('prints the same rows as JSON', async () => {
    const { code, stdout } = await tagger('metrics', 'run', '--json');
    const rows = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(rows).toHaveLength(STEPS + 4);
    expect(rows[1]).toMatchObject({ step: 1, values: { 'training/cost': records('run', 'step')[0]!.cost } });
  });

  it('writes scalars and pictures for TensorBoard', async () => {
    const { code, stdout } = await tagger('metrics', 'run', '--tensorboard', 'later');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^later\/events\.out\.tfevents\.\d{10}\.taggerjs\n$/);
    const events = readEvents(join(folder, 'later'));
    const costs = events.filter(({ tag }) => tag === 'training/cost');
    const steps = records('run', 'step');
    expect(costs.map(({ step, value }) => [step, value])).toEqual(
      steps.map(({ step, cost }) => [step, Math.fround(cost)]),
    );
    const { started } = JSON.parse(readFileSync(join(folder, 'run', 'config.json'), 'utf8'));
    costs.forEach(({ wallTime }, i) => {
      expect(wallTime).toBeCloseTo(Date.parse(started) / 1000 + steps[i]!.seconds, 3);
    });
    const pictures = events.filter(({ tag }) => tag === 'groups');
    expect(pictures.map(({ step }) => step)).toEqual([0, 5, 10, 12]);
    expect(pictures[1]!.png!.equals(readFileSync(join(folder, 'run', 'pictures', 'groups-step-5.png')))).toBe(true);

    const again = await tagger('metrics', 'run', '--tensorboard', 'later', '--json');
    expect(JSON.parse(again.stdout)).toEqual({ file: stdout.trim(), events: STEPS + 4 });
    expect(readEvents(join(folder, 'later'))).toEqual(events);
  });

  it('ignores an incomplete last line, and refuses a damaged one', async () => {
    await cp(join(folder, 'run'), join(folder, 'cut'), { recursive: true });
    const before = await tagger('metrics', 'cut');
    await appendFile(join(folder, 'cut', 'metrics.jsonl'), '{"type":"step","st');
    expect(await tagger('metrics', 'cut')).toEqual(before);
    await appendFile(join(folder, 'cut', 'metrics.jsonl'), 'ep":\n');
    const { code, stdout } = await tagger('metrics', 'cut', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'RUN_FOLDER' } });
  });
});

describe('tagger train --tensorboard', () => {
  it('writes the same events as `tagger metrics` afterwards', async () => {
    await tagger('metrics', 'run', '--tensorboard', 'afterwards');
    expect(readEvents(join(folder, 'logs'))).toEqual(readEvents(join(folder, 'afterwards')));
  });

  it('writes during training, and resume continues the file without duplicate steps', async () => {
    const args = ['train', 'shapes-quick', ...SMALL, '--training.steps=100000', '--out=long', '--tensorboard=live'];
    const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, stdio: 'ignore' });
    const closed = new Promise((done) => child.on('close', done));
    const live = join(folder, 'live');
    const costs = () => (existsSync(live) && readdirSync(live).length === 1 ? readEvents(live) : []).filter(({ tag }) => tag === 'training/cost'); // prettier-ignore
    while (costs().length < 8 && child.exitCode === null) await new Promise((done) => setTimeout(done, 20));
    expect(child.exitCode).toBeNull();
    // Resume drops the records after the last checkpoint, and writes them again.
    child.kill('SIGKILL');
    await closed;

    const reached = Math.max(...costs().map(({ step }) => step));
    const goal = reached + 5;
    const config = join(folder, 'long', 'config.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace('"steps": 100000', `"steps": ${goal}`));
    expect(await tagger('resume', 'long', '--tensorboard', 'live')).toMatchObject({ code: 0 });
    expect(costs().map(({ step }) => step)).toEqual(Array.from({ length: goal }, (_, i) => i + 1));
    expect(costs().map(({ value }) => value)).toEqual(records('long', 'step').map(({ cost }) => Math.fround(cost)));
  });
});
