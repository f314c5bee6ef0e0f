// Reads the event files of a run with TensorBoard itself, which `npm run setup:tensorboard` installs from the Python Package
// Index.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { runTagger } from './testing/command';
import { TINY } from './testing/kill-run';

const PYTHON = resolve(__dirname, '../../../node_modules/.cache/tensorboard/bin/python');
const SMALL = [
  ...TINY,
  '--training.steps=12',
  '--evaluation.everySteps=5',
  '--evaluation.figureExamples=1',
  '--threads=1',
];

/** What TensorBoard reads: step, seconds since 1970, value; for images, the width, height and PNG file in base64. */
interface Read {
  readonly scalars: Readonly<Record<string, readonly (readonly [step: number, wallTime: number, value: number])[]>>;
  readonly images: Readonly<
    Record<string, readonly (readonly [step: number, wallTime: number, width: number, height: number, png: string])[]>
  >;
}

interface Measured {
  readonly type: string;
  readonly step: number;
  readonly seconds: number;
  readonly cost: number;
  readonly costs: readonly number[];
  readonly learningRate: number;
  readonly gradientNorm: number;
  readonly iterations: readonly Readonly<Record<string, number>>[];
}

let folder: string;
const read = (name: string) =>
  JSON.parse(
    execFileSync(PYTHON, [join(__dirname, '../fixtures/read_events.py'), join(folder, name)], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    }),
  ) as Read;

beforeAll(async () => {
  if (!existsSync(PYTHON)) throw new Error('TensorBoard is not installed. Run `npm run setup:tensorboard`.');
  folder = await mkdtemp(join(tmpdir(), 'tagger-tensorboard-'));
  const run = await runTagger(folder, ['train', 'shapes-quick', ...SMALL, '--out=run', '--tensorboard=live']);
  expect({ code: run.code, stderr: run.code ? run.stderr : '' }).toEqual({ code: 0, stderr: '' });
  expect(await runTagger(folder, ['metrics', 'run', '--tensorboard=later'])).toMatchObject({ code: 0 });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(['live', 'later'])('TensorBoard, reading events written %s', (name) => {
  it('reads exactly the numbers of metrics.jsonl, with their steps and times', () => {
    const started = Date.parse(config().started) / 1000;
    const expected: Record<string, (readonly [number, number, number])[]> = {};
    const add = (tag: string, record: Measured, value: number) =>
      (expected[tag] ??= []).push([record.step, started + record.seconds, Math.fround(value)]);
    for (const record of records()) {
      if (record.type === 'step') {
        for (const key of ['cost', 'learningRate', 'gradientNorm'] as const)
          add(`training/${key}`, record, record[key]);
        record.costs.forEach((cost, i) => add(`training/cost/${i + 1}`, record, cost));
      } else if (record.type === 'evaluation') {
        for (const { iteration, ...scores } of record.iterations) {
          for (const [key, value] of Object.entries(scores)) add(`evaluation/${key}/${iteration}`, record, value);
        }
      }
    }
    expect(Object.keys(expected)).toEqual(expect.arrayContaining(['training/cost/3', 'evaluation/ami/5']));
    expect(expected['training/cost']).toHaveLength(12);
    expect(read(name).scalars).toEqual(expected);
  });

  it('reads the pictures of groups, byte for byte', () => {
    const { images } = read(name);
    expect(Object.keys(images)).toEqual(['groups']);
    expect(images['groups']!.map(([step]) => step)).toEqual([0, 5, 10, 12]);
    for (const [step, , width, height, base64] of images['groups']!) {
      const png = readFileSync(join(folder, 'run', 'pictures', step === 12 ? 'groups.png' : `groups-step-${step}.png`));
      expect(base64).toBe(png.toString('base64'));
      expect([width, height]).toEqual([png.readUInt32BE(16), png.readUInt32BE(20)]);
    }
  });
});

const config = () => JSON.parse(readFileSync(join(folder, 'run', 'config.json'), 'utf8')) as { started: string };
const records = () =>
  readFileSync(join(folder, 'run', 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Measured);
