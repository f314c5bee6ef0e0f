// Kills and suspends processes that work on shared runs: part of `npm run test:all`.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { getRecipe } from '@taggerjs/recipes';
import { build } from 'esbuild';

import { createRunFolder, openRunFolder, type RunFolder } from '../run/run-folder';
import type { LogLine } from './testing/trainer';

const KILLS_AND_PAUSES = Number(process.env['LEASE_EVENTS'] ?? 1000);
const SEED = Number(process.env['LEASE_SEED'] ?? 2016);
/** Number of runs at a time. */
const LANES = 5;
/** Long enough for a busy machine: at a load of 13 per core, we saw first renewals 1.3 seconds after a process took a lease. */
const LEASE = 3000;
const STEPS = 300;
const STEPS_PER_CHECKPOINT = 10;
/** Exit codes of a trainer that lost the folder, and of one that failed. */
const [LOST, FAILED] = [3, 4];

/**
 * Where the processes of a run work: two on this machine, which see each other, and two in namespaces of their own, as on other
 * machines. The latter have the same process id (1), even the same host name as another one, and clocks an hour apart.
 */
const PLACES: readonly (readonly string[])[] = [[], [], namespaces('other', 3600), namespaces('other', 7200)];

function namespaces(host: string, monotonic: number): string[] {
  const flags = ['--pid', '--fork', '--kill-child', '--mount-proc', '--uts', '--net', '--ipc'];
  const time = ['--time', '--monotonic', String(monotonic), '--boottime', String(monotonic)];
  return ['unshare', ...flags, ...time, 'sh', '-c', `hostname ${host} && exec "$@"`, 'sh'];
}

const [unshare = '', ...unshareArguments] = PLACES[2]!;
const permitted = spawnSync(unshare, [...unshareArguments, 'true'], { encoding: 'utf8' });
const reason = permitted.status === 0 ? undefined : (permitted.error?.message ?? permitted.stderr.trim());

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-lease-'));
  program = join(folder, 'trainer.cjs');
  await build({
    ...{ entryPoints: [join(__dirname, 'testing', 'trainer.ts')], outfile: program, logLevel: 'error' },
    ...{ bundle: true, platform: 'node', format: 'cjs', conditions: ['@taggerjs/source'] },
  });
});
afterAll(async () => {
  // Some remain only if the test failed.
  for (const trainer of running) signal(trainer, 'SIGKILL');
  await Promise.all([...running].map(({ ended }) => ended));
  await rm(folder, { recursive: true, force: true });
});

/** A process that works on a run. */
interface Trainer {
  readonly id: number;
  readonly place: readonly string[];
  /** The process that was started: the trainer itself, or `unshare`. */
  readonly started: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
  /** Whether it was killed or suspended at any time. */
  disturbed: boolean;
  suspended: boolean;
}

const running = new Set<Trainer>();
let ids = 0;

function start({ path }: RunFolder, place: readonly string[]): Trainer {
  const id = ++ids;
  const numbers = [id, LEASE, STEPS, STEPS_PER_CHECKPOINT].map(String);
  const [command = '', ...args] = [...place, process.execPath, program, path, logOf(path), ...numbers];
  const started = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  started.stderr!.on('data', (chunk) => (stderr += String(chunk)));
  const ended = new Promise<{ code: number | null; stderr: string }>((done) =>
    started.on('close', (code) => done({ code, stderr })),
  );
  const trainer = { id, place, started, ended, disturbed: false, suspended: false };
  running.add(trainer);
  void ended.then(() => running.delete(trainer));
  return trainer;
}

/** Sends a signal to the trainer itself, which in a namespace is the child of `unshare`. */
function signal({ started, place }: Trainer, name: NodeJS.Signals): boolean {
  const { pid } = started;
  if (pid === undefined || started.exitCode !== null || started.signalCode !== null) return false;
  try {
    const children = place.length > 0 ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim() : String(pid);
    return children !== '' && process.kill(Number(children), name);
  } catch {
    return false;
  }
}

function logOf(path: string): string {
  return `${path}.log`;
}

function readLog(path: string): LogLine[] {
  try {
    const lines = readFileSync(logOf(path), 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as LogLine);
  } catch {
    return [];
  }
}

const counts = { kills: 0, pauses: 0, holders: 0, takenOver: 0, noticed: 0, runs: 0 };

/** Runs until enough processes were killed and suspended, and then to the end of the last run. */
async function lane(name: string, random: () => number): Promise<void> {
  for (let n = 0; ; n++) {
    const { folder: run, lock } = await createRunFolder(getRecipe('shapes-quick'), join(folder, `${name}-${n}`), {
      ...{ environment: {}, baseFolder: '.' },
    });
    lock.release();
    await disturb(run, random);
    await verify(run);
    counts.runs += 1;
    if (counts.kills + counts.pauses >= KILLS_AND_PAUSES) return;
  }
}

/** Trains a run, while processes that work on it are killed and suspended at random. */
async function disturb(run: RunFolder, random: () => number): Promise<void> {
  const disturbed = new Set<number>();
  const trainers = PLACES.map((place) => start(run, place));
  const failures: string[] = [];
  const pauses: Promise<void>[] = [];
  const watch = async (slot: number): Promise<void> => {
    for (;;) {
      const trainer = trainers[slot]!;
      const { code, stderr } = await trainer.ended;
      if (trainer.disturbed) disturbed.add(trainer.id);
      if (code === LOST) counts.noticed += 1;
      else if (code === FAILED) failures.push(stderr);
      if (await run.finished()) return;
      trainers[slot] = start(run, trainer.place);
    }
  };
  const watching = Promise.all(trainers.map((_, slot) => watch(slot)));
  while (!(await run.finished()) && failures.length === 0) {
    await sleep(random() * 0.15 * LEASE);
    if (counts.kills + counts.pauses >= KILLS_AND_PAUSES) continue;
    const holder = readLog(run.path)
      .filter(({ type }) => type === 'acquired')
      .at(-1)?.id;
    const held = trainers.find(({ id }) => id === holder);
    // Mostly a holder that runs, sometimes any process: it may be starting, waiting, taking over or suspended.
    const any = random() < 0.2 ? trainers[Math.floor(random() * trainers.length)] : undefined;
    const trainer = any ?? (held?.suspended ? undefined : held);
    if (!trainer) continue;
    const kill = random() < 0.5;
    if (!signal(trainer, kill ? 'SIGKILL' : 'SIGSTOP')) continue;
    trainer.disturbed = true;
    if (trainer === held) counts.holders += 1;
    if (kill) counts.kills += 1;
    else {
      counts.pauses += 1;
      trainer.suspended = true;
      const duration = (0.2 + 2.8 * random()) * LEASE;
      pauses.push(
        sleep(duration).then(() => {
          signal(trainer, 'SIGCONT');
          trainer.suspended = false;
        }),
      );
    }
  }
  await Promise.all(pauses);
  await watching;
  expect(failures).toEqual([]);
  // Nobody lost the folder who was not suspended.
  const calm = readLog(run.path).filter(({ type, id }) => type !== 'wrote' && !disturbed.has(id));
  const lost = new Set(calm.flatMap((line) => (line.type === 'lost' ? [line.id] : [])));
  expect(calm.filter(({ id }) => lost.has(id))).toEqual([]);
}

/** Verifies that the run is complete, and that no two processes wrote to it at the same time. */
async function verify(run: RunFolder): Promise<void> {
  const log = readLog(run.path);
  expect(log.filter(({ type }) => type === 'warning')).toEqual([]);

  const records = (await (await openRunFolder(run.path)).metrics()) as unknown as { step: number; id: number }[];
  expect(records.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
  const writers = records.map(({ id }) => id).filter((id, i, all) => id !== all[i - 1]);
  expect(new Set(writers).size).toBe(writers.length);

  const acquired = log.flatMap((line) => (line.type === 'acquired' ? [line] : []));
  const lastWrite = log.map(({ type }) => type).lastIndexOf('wrote');
  counts.takenOver += log.slice(0, lastWrite).filter(({ type }) => type === 'acquired').length - 1;
  const successors = new Map(acquired.map(({ id }, i) => [id, acquired[i + 1]?.at ?? Infinity]));
  // The clock counts milliseconds.
  const late = log.filter((line) => line.type === 'wrote' && line.from > successors.get(line.id)! + 1);
  expect(late).toEqual([]);
}

const isolated = reason === undefined ? it : it.skip;

describe(`processes in several namespaces${reason === undefined ? '' : ` (skipped: cannot unshare: ${reason})`}`, () => {
  isolated(
    'never write to a run at the same time, and complete every run, if they are killed and suspended at random',
    async () => {
      const began = performance.now();
      const random = generator(SEED);
      await Promise.all(Array.from({ length: LANES }, (_, i) => lane(`run-${i}`, random)));
      const { kills, pauses, holders, takenOver, noticed, runs } = counts;
      // What was tested depends on the seed and on the load of the machine.
      // eslint-disable-next-line no-console
      console.log(
        `seed ${SEED}: ${kills} kills and ${pauses} pauses, ${holders} of them of the holder; ${takenOver} takeovers; ` +
          `${noticed} suspended holders noticed; ${runs} runs completed; ${Math.round((performance.now() - began) / 1000)} s`,
      );
      expect(kills + pauses).toBeGreaterThanOrEqual(KILLS_AND_PAUSES);
      // At least some suspended holders must lose their lease, or this test shows little.
      expect(noticed).toBeGreaterThan(KILLS_AND_PAUSES / 50);
    },
    1_800_000,
  );
});

/** Mulberry32: numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
