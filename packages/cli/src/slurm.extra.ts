// A real Slurm: slurmctld and four slurmd on this machine. Install it with `npm run setup:slurm`. The tests start it, and stop it if
// it was not running before.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { smallDisk } from '@taggerjs-tools/testing';

import { openSession } from './testing/command-session';
import { TINY } from './testing/kill-run';
import { runContents } from './testing/run-contents';

// Slurm needs root, so mounting is possible.
const disk = smallDisk('64k');
const PLAN = ['shapes-quick', ...TINY];

let folder: string;
let isOurs = false;
const slurm = (action: 'start' | 'stop' | 'status') => {
  const script = resolve(__dirname, '../../../tools/workspace/slurm.mjs');
  return spawnSync(process.execPath, [script, action], { encoding: 'utf8' });
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-slurm-'));
  isOurs = slurm('status').status !== 0;
  const { status, stdout, stderr } = slurm('start');
  if (status !== 0) throw new Error(stderr);
  process.env['SLURM_CONF'] = stdout.trim();
  // Takes the longest, and runs while the other tests do.
  await submitLong();
}, 120_000);
const { tagger, close } = openSession(() => folder, { timeout: 600_000 });
afterAll(async () => {
  await close();
  // Some remain only if a test failed.
  spawnSync('scancel', jobs, { env: process.env });
  if (isOurs) slurm('stop');
  await rm(folder, { recursive: true, force: true });
}, 60_000);

interface Task {
  readonly id: string;
  readonly state: string;
  readonly node?: string;
}
interface Status {
  readonly index: number;
  readonly name: string;
  readonly state: string;
  readonly step: number;
  readonly slurm: Task | null;
}

const jobs: string[] = [];

/** Runs `tagger sweep --json`. */
async function sweep(...args: readonly string[]) {
  const { code, stdout, stderr } = await tagger('sweep', ...args, '--json');
  const result = JSON.parse(stdout || 'null');
  if (result?.job) jobs.push(result.job);
  return { code, stderr, result };
}

const statusOf = async (name: string): Promise<Status[]> => (await sweep(name, '--status')).result.runs;

const ENDED = ['COMPLETED', 'FAILED', 'CANCELLED', 'TIMEOUT', 'NODE_FAIL'];

/** Waits until a condition on the runs holds, and calls `watch` with every state on the way. */
async function waitFor(name: string, condition: (runs: Status[]) => boolean, watch?: (runs: Status[]) => void) {
  for (;;) {
    const runs = await statusOf(name);
    watch?.(runs);
    if (condition(runs)) return runs;
    await sleep(200);
  }
}

const allEnded = (runs: Status[]) => runs.every(({ slurm }) => slurm !== null && ENDED.includes(slurm.state));

function scontrol(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('scontrol', [...args], { env: process.env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr || stdout);
  return stdout;
}

/** The process that trains a run of a sweep. */
async function processOf(sweep: string, index: number): Promise<number> {
  for (const pid of await readdir('/proc')) {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (/node$/.test(words[0] ?? '') && words.includes(sweep) && words.at(-2) === String(index)) return Number(pid);
  }
  throw new Error(`no process of run ${index}`);
}

describe('eight runs on Slurm, two at a time', () => {
  const runs = [...PLAN, '--seeds=0..7', '--set=training.steps=200'];
  let ended: Status[];
  let together = 0;

  it('run while one is killed, and a node is drained and resumed', async () => {
    const { code, result, stderr } = await sweep(...runs, '--out=cluster', '--engine=slurm', '--jobs=2');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(result.runs).toHaveLength(8);

    const running = ({ slurm }: Status) => slurm?.state === 'RUNNING';
    const count = (runs: Status[]) => (together = Math.max(together, runs.filter(running).length));
    const begun = await waitFor(
      'cluster',
      (runs) => runs.filter((run) => running(run) && run.step > 5).length === 2,
      count,
    );
    const [victim, neighbor] = begun.filter(running) as [Status, Status];
    process.kill(await processOf(join(folder, 'cluster'), victim.index), 'SIGKILL');

    // A drained node ends its run, and starts no other until it is resumed.
    const node = neighbor.slurm!.node;
    const onNode = (runs: Status[]) => runs.filter((run) => running(run) && run.slurm!.node === node);
    scontrol('update', `nodename=${node}`, 'state=drain', 'reason=test');
    const before = onNode(await statusOf('cluster')).map(({ index }) => index);
    const later = new Set<number>();
    const done = (runs: Status[]) => runs.filter(({ state }) => state === 'finished').length;
    const doneBefore = done(begun);
    await waitFor(
      'cluster',
      (runs) => onNode(runs).length === 0 && done(runs) >= doneBefore + 3,
      (runs) => {
        count(runs);
        for (const { index } of onNode(runs)) later.add(index);
      },
    );
    expect([...later].filter((index) => !before.includes(index))).toEqual([]);
    scontrol('update', `nodename=${node}`, 'state=resume');
    ended = await waitFor('cluster', allEnded, count);
    expect(ended.filter(({ state }) => state !== 'finished').map(({ index }) => index)).toEqual([victim.index]);
    expect(ended[victim.index]?.slurm?.state).toBe('FAILED');
    expect(together).toBe(2);
  }, 1_200_000);

  it('compares the finished runs', async () => {
    const { code, stdout } = await tagger('compare', 'cluster', '--json');
    expect(code).toBe(0);
    const { groups, unmeasured, unfinished } = JSON.parse(stdout);
    expect([groups[0].runs.length, [...unmeasured, ...unfinished].length]).toEqual([7, 1]);
  });

  it('submit only the lost run again, which resumes', async () => {
    const lost = ended.filter(({ state }) => state !== 'finished').map(({ index }) => index);
    const { result } = await sweep('cluster', '--engine=slurm');
    expect(result.runs).toEqual(lost);
    const runs = await waitFor('cluster', allEnded);
    expect(runs.every(({ state }) => state === 'finished')).toBe(true);
    const [index] = lost as [number];
    const log = await readFile(join(folder, `cluster/slurm/${runs[index]!.slurm!.id}.log`), 'utf8');
    expect(log).toContain('Resuming');
  }, 300_000);

  it('end with the same bits in all weights as on this machine', async () => {
    expect(await tagger('sweep', ...runs, '--out=here', '--jobs=2', '--threads=1')).toMatchObject({ code: 0 });
    for (const { name } of ended) {
      const [there, here] = [join(folder, 'cluster', name), join(folder, 'here', name)];
      expect([name, await runContents(there)]).toEqual([name, await runContents(here)]);
    }
  }, 600_000);
});

async function submitLong() {
  // The shortest limit. Slurm looks for tasks to warn twice a minute, so it does between 20 and 50 seconds after the start.
  await writeFile(join(folder, 'lines.txt'), '#SBATCH --signal=B:USR1@10\n');
  const long = [...PLAN, '--seeds=0', '--set=training.steps=1000000', '--minutes=1'];
  const options = ['--engine=slurm', '--time=1', '--slurm-lines=lines.txt'];
  expect(await sweep(...long, '--out=long', ...options)).toMatchObject({ code: 0 });
}

it('a task that is held is not submitted again, and runs once it is released', async () => {
  await writeFile(join(folder, 'hold.txt'), '#SBATCH --hold\n');
  const options = ['--out=held', '--engine=slurm', '--slurm-lines=hold.txt'];
  expect(await sweep(...PLAN, '--set=training.steps=5', '--seeds=0', ...options)).toMatchObject({ code: 0 });
  const { result, stderr } = await sweep('held', '--engine=slurm');
  expect([result.runs, result.queued, result.held]).toEqual([[], 0, [0]]);
  const [, ids = ''] = /scontrol release (\S+)/.exec(stderr) ?? [];
  scontrol('release', ids);
  const [run] = await waitFor('held', allEnded);
  expect(run).toMatchObject({ state: 'finished', slurm: { id: ids } });
}, 120_000);

it('a run over its time limit saves, and its task continues in another start', async () => {
  const [run] = await waitFor('long', allEnded);
  expect(run).toMatchObject({ state: 'finished', slurm: { state: 'COMPLETED' } });
  expect(Number(/Restarts=(\d+)/.exec(scontrol('show', 'job', run!.slurm!.id))?.[1])).toBeGreaterThan(0);
  const log = await readFile(join(folder, `long/slurm/${run!.slurm!.id}.log`), 'utf8');
  expect(log).toMatch(/Saved the checkpoint[^]*Resuming/);
}, 900_000);

it('Slurm refuses a partition that does not exist, and no files are left', async () => {
  const { code, result } = await sweep(...PLAN, '--out=refused', '--engine=slurm', '--partition=nowhere');
  expect([code, result.error.code]).toEqual([1, 'ENGINE']);
  expect(await readdir(folder)).not.toContain('refused');
});

it('a full disk refuses the plan: nothing is submitted, and no files are left', async () => {
  disk.fill();
  const { code, result } = await sweep(...PLAN, `--out=${disk.path!}/mine`, '--engine=slurm');
  expect([code, result.error.code]).toEqual([1, 'FILE']);
  expect(await readdir(disk.path!)).toEqual(['filler']);
  const jobs = spawnSync('squeue', ['--noheader'], { env: process.env, encoding: 'utf8' });
  expect(jobs.stdout).toBe('');
});
