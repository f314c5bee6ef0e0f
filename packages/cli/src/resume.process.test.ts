import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { smallDisk } from '@taggerjs-tools/testing';

import { BIN, environment } from './testing/command';
import { openSession } from './testing/command-session';
import { killAndResume, TINY } from './testing/kill-run';
import { runContents } from './testing/run-contents';

const STEPS = 24;

let folder: string;
const train = (out: string, ...args: string[]) =>
  tagger('train', 'shapes-quick', ...TINY, `--training.steps=${STEPS}`, '--threads=1', '--out', out, ...args);
/** A copy of the finished run, as if it had stopped after its last checkpoint. */
function copyUnfinished(run: string): void {
  cpSync(join(folder, 'whole'), join(folder, run), { recursive: true });
  rmSync(join(folder, run, 'finished.json'));
}
const checkpointsOf = (run: string) => readdirSync(join(folder, run, 'checkpoints')).sort();

/** Starts a very long training, and resolves after some steps. */
async function startLong(out: string, ...args: string[]) {
  const long = ['train', 'shapes-quick', ...TINY, '--training.steps=100000', '--threads=1', '--out', out, ...args];
  const child = spawn(process.execPath, [BIN, ...long], { cwd: folder, env: environment() });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const closed = new Promise<number | null>((done) => child.on('close', done));
  const steps = resolve(folder, out, 'checkpoints');
  for (let i = 0; i < 1200 && child.exitCode === null; i++) {
    if (list(steps).some((name) => name.endsWith('.safetensors'))) break;
    await new Promise((done) => setTimeout(done, 50));
  }
  return { child, closed, stderr: () => stderr };
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

let whole: Awaited<ReturnType<typeof runContents>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-resume-'));
  expect(await train('whole')).toMatchObject({ code: 0 });
  whole = await runContents(join(folder, 'whole'));
});
const session = openSession(() => folder);
const { tagger, failure } = session;
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

describe('tagger resume', () => {
  it('reaches the same bits after kill -9, at any time, even while it writes checkpoints', async () => {
    const { kills, aimed, runs } = await killAndResume(folder, { kills: 6, steps: STEPS, seed: 11 });
    expect({ kills, aimed }).toEqual({ kills: 6, aimed: 2 });
    for (const run of runs) expect(await runContents(join(folder, run))).toEqual(whole);
  });

  it('does nothing if the run has finished', async () => {
    const { code, stdout } = await tagger('resume', 'whole');
    expect(code).toBe(0);
    expect(stdout).toContain(join(folder, 'whole', 'model.safetensors'));
  });

  it('keeps the newest checkpoints and the best', () => {
    expect(checkpointsOf('whole').length).toBeGreaterThanOrEqual(3);
    expect(checkpointsOf('whole').length).toBeLessThanOrEqual(4);
    expect(checkpointsOf('whole').at(-1)).toBe('step-000000024.safetensors');
  });

  it('loads the model of a checkpoint, including its EMA', async () => {
    const exported = (name: string, ...args: string[]) =>
      tagger('export', 'whole', '--out', name, '--threads=1', ...args).then(({ code, stderr }) => {
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        return readFileSync(join(folder, name)).toString('base64');
      });
    const model = await exported('end.safetensors');
    expect(await exported('last.safetensors', '--checkpoint=last')).toBe(model);
    expect(await exported('24.safetensors', '--checkpoint=24')).toBe(model);
    expect(await exported('23.safetensors', '--checkpoint=23')).not.toBe(model);

    const evaluations = whole.metrics.filter((record) => (record as { type: string }).type === 'evaluation');
    const amis = (evaluations as { step: number; iterations: { ami: number }[] }[]).map(({ step, iterations }) => ({
      step,
      ami: iterations.at(-1)!.ami,
    }));
    const best = amis.reduce((a, b) => (b.ami > a.ami ? b : a)).step;
    if (best > 0) {
      expect(await exported('best.safetensors', '--checkpoint=best')).toBe(
        await exported('of-step.safetensors', `--checkpoint=${best}`),
      );
    }
    expect(await failure('evaluate', 'whole', '--checkpoint=7')).toMatchObject({ code: 'RUN_FOLDER', exitCode: 1 });
  });

  it.each(['truncated', 'bit-flipped'] as const)('uses the checkpoint before a %s one, and reports it', async (how) => {
    const run = `${how}`;
    copyUnfinished(run);
    rmSync(join(folder, run, 'model.safetensors'));
    const newest = checkpointsOf(run).at(-1)!;
    const path = join(folder, run, 'checkpoints', newest);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 4;
    writeFileSync(path, how === 'truncated' ? bytes.subarray(0, bytes.length - 100) : bytes);
    const { code, stderr } = await tagger('resume', run);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toMatch(new RegExp(`warning: The checkpoint '.*${newest}' cannot be used: .*damaged.*Using the one of step 23`));
    expect(await runContents(join(folder, run))).toEqual(whole);
    expect(checkpointsOf(run)).toContain(`${newest}.damaged`);
  }); // prettier-ignore

  it('refuses a checkpoint in another version of the format, and keeps it', async () => {
    copyUnfinished('later');
    const newest = checkpointsOf('later').at(-1)!;
    const path = join(folder, 'later', 'checkpoints', newest);
    const text = readFileSync(path, 'latin1').replace('"version":"1"', '"version":"2"');
    const bytes = Buffer.from(text, 'latin1');
    const end = bytes.length - 32;
    createHash('sha256').update(bytes.subarray(0, end)).digest().copy(bytes, end);
    writeFileSync(path, bytes);
    const before = checkpointsOf('later');
    for (const command of [
      ['resume', 'later'],
      ['evaluate', 'later', '--checkpoint=last'],
    ]) {
      expect(await failure(...command)).toMatchObject({
        code: 'RUN_FOLDER',
        exitCode: 1,
        message: expect.stringContaining(newest),
      });
    }
    expect(checkpointsOf('later')).toEqual(before);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('saves on SIGTERM, exits with 143, refuses a second process, and resumes', async () => {
    const { child, closed, stderr } = await startLong('stopped');
    const second = await failure('resume', 'stopped');
    expect(second).toMatchObject({
      code: 'RUN_FOLDER',
      exitCode: 1,
      message: expect.stringContaining(`${child.pid} on ${hostname()}`),
    });
    child.kill('SIGTERM');
    expect(await closed).toBe(143);
    const step = Number(/checkpoint of step (\d+)/.exec(stderr())?.[1]);
    expect(step).toBeGreaterThan(0);
    expect(checkpointsOf('stopped').at(-1)).toBe(`step-${String(step).padStart(9, '0')}.safetensors`);

    // A shorter goal, so that the run ends soon.
    const config = join(folder, 'stopped', 'config.json');
    const goal = Math.max(STEPS, step + 1);
    writeFileSync(config, readFileSync(config, 'utf8').replace('"steps": 100000', `"steps": ${goal}`));
    expect(await tagger('resume', 'stopped', '--threads=2')).toMatchObject({ code: 0 });
    const { metrics } = await runContents(join(folder, 'stopped'));
    const steps = metrics.filter((record) => (record as { type: string }).type === 'step');
    expect(steps.map((record) => (record as { step: number }).step)).toEqual(Array.from({ length: goal }, (_, i) => i + 1)); // prettier-ignore
    expect(steps.slice(0, STEPS)).toEqual(
      whole.metrics.filter((record) => (record as { type: string }).type === 'step'),
    );
  });

  it('takes over the lock of a process that has ended, or whose process id was reused', async () => {
    cpSync(join(folder, 'whole'), join(folder, 'locked'), { recursive: true });
    const lock = join(folder, 'locked', 'lock.json');
    const holder = { host: hostname(), since: '2020-01-01T00:00:00.000Z', token: 'x' };
    for (const contents of [
      JSON.stringify({ ...holder, pid: 2 ** 22 + 1, began: '1 x' }),
      JSON.stringify({ ...holder, pid: process.pid, began: '1 another-boot' }),
      '',
    ]) {
      writeFileSync(lock, contents);
      expect(await tagger('resume', 'locked')).toMatchObject({ code: 0 });
      expect(list(join(folder, 'locked'))).not.toContain('lock.json');
    }
    writeFileSync(lock, JSON.stringify({ ...holder, host: 'elsewhere', pid: 1, began: null }));
    expect(await failure('resume', 'locked')).toMatchObject({
      code: 'RUN_FOLDER',
      message: expect.stringContaining(lock),
    });
  });

  it('stops at non-finite numbers, names the step, iteration and tensor, and keeps the checkpoint before', async () => {
    const run = await train('broken', '--training.optimizer.learningRate=1e38', '--training.clipNorm=null', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'NON_FINITE', exitCode: 1 } });
    expect(run.stderr).toMatch(/at step \d+, iteration \d, tensor .*(NaN|Infinity)/);
    expect(checkpointsOf('broken').length).toBeGreaterThan(0);
    const skipping = await train('skips', '--training.optimizer.learningRate=1e38', '--training.clipNorm=null', '--training.skipNonFinite', '2'); // prettier-ignore
    expect(skipping.stderr).toMatch(/skipped \(1 of 2\).*skipped \(2 of 2\)/s);
  });

  it('refuses a run without an intact checkpoint', async () => {
    copyUnfinished('hollow');
    for (const name of checkpointsOf('hollow')) writeFileSync(join(folder, 'hollow', 'checkpoints', name), 'nothing');
    expect(await failure('resume', 'hollow')).toMatchObject({ code: 'RUN_FOLDER', exitCode: 1 });
    expect(checkpointsOf('hollow').every((name) => name.endsWith('.damaged'))).toBe(true);
  });
});

const disk = smallDisk('8m');
const onDisk = disk.path === undefined ? it.skip : it;

describe(`a full disk${disk.skipped}`, () => {
  onDisk('ends a run with an error, and resumes to the same bits once there is room', async () => {
    const out = join(disk.path!, 'run');
    const { child, closed, stderr } = await startLong(out, '--checkpoint.keep=2');
    // No space for another checkpoint, even after an old one is removed.
    for (let i = 0; i < 200 && child.exitCode === null; i++) {
      disk.fill(`filler-${i}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    expect(child.exitCode).toBe(1);
    await closed;
    expect(stderr()).toMatch(/cannot be written: ENOSPC/);
    expect(stderr()).toMatch(/checkpoint of step \d+ .*tagger resume/);
    const config = join(out, 'config.json');
    for (const name of list(disk.path!)) if (name.startsWith('filler')) rmSync(join(disk.path!, name));
    const steps = Math.max(STEPS, 1 + Number(/The checkpoint of step (\d+)/.exec(stderr())![1]));
    writeFileSync(config, readFileSync(config, 'utf8').replace('"steps": 100000', `"steps": ${steps}`));
    const resumed = await tagger('resume', out);
    expect(resumed.stderr).not.toMatch(/tagger: (?!warning)/);
    expect({ ...resumed, warned: /warning/.test(resumed.stderr) }).toMatchObject({ code: 0, warned: false });
    const { metrics } = await runContents(out);
    const costs = (records: unknown[]) =>
      records.filter((record) => (record as { type: string }).type === 'step').slice(0, STEPS);
    expect(costs(metrics)).toEqual(costs(whole.metrics));
  });

  onDisk('says that a read-only folder cannot be written', async () => {
    spawnSync('mount', ['-o', 'remount,ro', disk.path!]);
    const trained = await train(join(disk.path!, 'other'), '--json');
    const resumed = await failure('resume', join(disk.path!, 'run'));
    spawnSync('mount', ['-o', 'remount,rw', disk.path!]);
    expect(JSON.parse(trained.stdout)).toMatchObject({ error: { code: 'FILE', exitCode: 1 } });
    expect(resumed).toMatchObject({ code: 'FILE', exitCode: 1, message: expect.stringContaining('EROFS') });
  });
});
