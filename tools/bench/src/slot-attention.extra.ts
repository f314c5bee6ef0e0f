// Runs the Slot Attention peer in the environment that `npm run setup:peers` installs.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';

import { main } from '@taggerjs/cli';
import { adjustedMutualInformation, adjustedRandIndex } from '@taggerjs/metrics';
import { createRandom } from '@taggerjs/random';

import { PYTHON } from './contestants/start-variant';

const PEER = resolve(__dirname, '../peer');

/** What the peer measures after some steps. */
interface Measured {
  readonly step: number;
  readonly trainingCost: number;
  readonly examples: number;
  readonly cost: number;
  readonly ami: number;
  readonly ari: number;
  readonly ariForeground: number;
}

let folder: string;
beforeAll(async () => {
  if (!existsSync(PYTHON)) throw new Error('PyTorch is not installed. Run `npm run setup:peers`.');
  folder = await mkdtemp(join(tmpdir(), 'tagger-slot-attention-'));
  const data = ['data', 'tetrominoes', '--sizes=40,1,6', `--out=${join(folder, 'images.npz')}`];
  expect(await main(data, { stdout: new PassThrough().resume() })).toBe(0);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it("the peer's measures are those of @taggerjs/metrics", () => {
  const random = createRandom(7);
  const cases = Array.from({ length: 60 }, (_, i) => {
    const draw = (name: string, length: number, bound: number) => [...random.fork(name, i).integers(length, { bound })];
    const size = 1 + draw('size', 1, 60)[0]!;
    const ignored = draw('ignored', size, 8);
    return {
      truth: draw('truth', size, 1 + (i % 5)).map((segment, at) => (ignored[at] === 0 ? 255 : segment)),
      predicted: draw('predicted', size, 1 + (i % 4)),
    };
  });
  const program = `
import json, sys, numpy
from segmentation_measures import adjusted_mutual_information, adjusted_rand_index
for case in json.load(sys.stdin):
    truth, predicted = numpy.array(case["truth"]), numpy.array(case["predicted"])
    print(json.dumps([
        adjusted_rand_index(truth, predicted, truth == 0),
        adjusted_rand_index(truth, predicted),
        adjusted_mutual_information(truth, predicted),
    ]))`;
  const printed = execFileSync(PYTHON, ['-c', program], { cwd: PEER, input: JSON.stringify(cases), encoding: 'utf8' });
  const measured = printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as number[]);
  expect(measured).toHaveLength(cases.length);
  for (const [i, { truth, predicted }] of cases.entries()) {
    const expected = [
      adjustedRandIndex(truth, predicted, { background: 0 }),
      adjustedRandIndex(truth, predicted),
      adjustedMutualInformation(truth, predicted),
    ];
    expected.forEach((value, at) => expect(Math.abs(measured[i]![at]! - value)).toBeLessThan(1e-10));
  }
});

describe('the Slot Attention peer', () => {
  const train = (out: string, ...options: string[]) =>
    spawnSync(
      PYTHON,
      [
        join(PEER, 'slot_attention.py'),
        ...['--data', join(folder, 'images.npz'), '--out', join(folder, out), '--batch', '4', '--threads', '1'],
        ...options,
      ],
      { encoding: 'utf8' },
    );
  const metrics = (out: string) =>
    readFileSync(join(folder, out, 'metrics.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Measured);

  it('learns to reconstruct images', () => {
    const { status, stderr } = train('learns', '--steps=40', '--evaluate-every=1');
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const costs = metrics('learns').map(({ cost }) => cost);
    // An evaluation after each step, and one of all test images.
    expect(costs).toHaveLength(41);
    expect(costs.at(-1)!).toBeLessThan(0.8 * costs[0]!);
  });

  it('computes the same with and without a stop, and refuses to continue with other options', () => {
    expect(train('whole', '--steps=4').status).toBe(0);
    // At least one step, and less than the schedule.
    expect(train('stopped', '--steps=4', '--minutes=1e-9').status).toBe(0);
    expect(train('stopped', '--steps=4').status).toBe(0);
    const [stopped, continued] = metrics('stopped');
    expect(stopped).toMatchObject({ step: 1, examples: 6 });
    const { seconds, cpuSeconds, ...same } = metrics('whole')[0] as Measured & Record<'seconds' | 'cpuSeconds', number>;
    expect(seconds).toBeGreaterThan(0);
    expect(cpuSeconds).toBeGreaterThan(0);
    expect(continued).toMatchObject(same);
    expect(same.step).toBe(4);

    const other = train('stopped', '--steps=4', '--seed=2');
    expect(other.status).toBe(1);
    expect(other.stderr).toContain("'seed': 1");
  });

  it('refuses data that do not say what is background', () => {
    const file = join(folder, 'plain.npz');
    const program = `
import numpy, sys
images = numpy.zeros((4, 8, 8, 3), "float32")
numpy.savez(sys.argv[1], train_inputs=images, test_inputs=images)`;
    execFileSync(PYTHON, ['-c', program, file]);
    const { status, stderr } = train('plain', '--steps=1', `--data=${file}`);
    expect(status).toBe(1);
    expect(stderr).toContain('test_background');
  });
});
