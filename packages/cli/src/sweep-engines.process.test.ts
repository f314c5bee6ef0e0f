// The engines' own commands are stand-ins here: shell scripts that record their arguments. `slurm.extra.ts` uses the real ones.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lockFolder } from '@taggerjs/experiment/node';

import { environment, runTagger } from './testing/command';
import { TINY } from './testing/kill-run';
import { runContents } from './testing/run-contents';

const STEPS = 120;
const PLAN = ['shapes-quick', ...TINY, `--set=training.steps=${STEPS}`];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-sweep-engines-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `tagger sweep --json` with only the given commands on the PATH, each a shell script. */
async function sweep(commands: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const bin = await mkdtemp(join(folder, 'bin-'));
  for (const [name, text] of Object.entries(commands)) {
    await writeFile(join(bin, name), `#!/bin/sh\necho "$@" >> "${bin}/${name}.log"\n${text}\n`, { mode: 0o755 });
  }
  const { code, stdout, stderr } = await runTagger(folder, ['sweep', ...args, '--json'], { env: { PATH: bin } });
  const calls = (name: string) => readFile(join(bin, `${name}.log`), 'utf8').catch(() => '');
  return { code, stderr, calls, result: JSON.parse(stdout || 'null') };
}

const ACCEPTS = { sbatch: 'echo "77;cluster"', squeue: '', sacct: 'exit 1' };

// Slurm has no commands for Windows, which does not run shell scripts either.
const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('tagger sweep --engine slurm', () => {
  it('writes the plan and the script of a job array with --dry-run, without Slurm', async () => {
    const { code, result } = await sweep({}, ...PLAN, '--seeds=0..1', '--out=mine', '--engine=slurm', '--dry-run');
    expect([code, result.job, result.runs]).toEqual([0, null, [0, 1]]);
    const files = (await readdir(join(folder, 'mine'), { recursive: true })).sort();
    expect(files).toEqual(['slurm', 'slurm/job.sbatch', 'sweep.json']);
    expect(await readFile(join(folder, 'mine/slurm/job.sbatch'), 'utf8')).toMatch(/^#SBATCH --array=0-1$/m);
  });

  it('submits the script', async () => {
    const { code, result, calls } = await sweep(ACCEPTS, 'mine', '--engine=slurm', '--jobs=1', '--cpus=2');
    expect([code, result.job, result.runs]).toEqual([0, '77', [0, 1]]);
    expect(await calls('sbatch')).toContain(`--parsable ${join(folder, 'mine/slurm/job.sbatch')}`);
    const script = await readFile(join(folder, 'mine/slurm/job.sbatch'), 'utf8');
    expect(script).toMatch(/^#SBATCH --array=0-1%1$/m);
    expect(script).toContain('--threads 2 --index "$SLURM_ARRAY_TASK_ID"');
  });

  it('leaves out runs that Slurm has in its queue', async () => {
    const commands = { ...ACCEPTS, squeue: 'echo "77|0|PENDING|Priority|"' };
    // The script that the tests below run.
    await writeFile(join(folder, 'strict.txt'), 'set -euo pipefail\n');
    const { result } = await sweep(commands, 'mine', '--engine=slurm', '--slurm-lines=strict.txt');
    expect([result.runs, result.queued]).toEqual([[1], 1]);
    const both = { ...ACCEPTS, squeue: 'echo "77|0|PENDING|Priority|"; echo "77|1|RUNNING|None|node1"' };
    const { result: nothing, calls } = await sweep(both, 'mine', '--engine=slurm');
    expect([nothing.runs, nothing.queued]).toEqual([[], 2]);
    expect(await calls('sbatch')).not.toContain('--parsable');
  });

  it.each([
    ['an absent Slurm', {}],
    ['a Slurm that refuses the job', { ...ACCEPTS, sbatch: '[ "$1" = --version ] || { echo no >&2; exit 1; }' }],
  ])('reports %s, and leaves no files', async (_, commands) => {
    const { code, result } = await sweep(commands, ...PLAN, '--seeds=0..1', '--out=none', '--engine=slurm');
    expect([code, result.error.code]).toEqual([1, 'ENGINE']);
    expect(await readdir(folder)).not.toContain('none');
  });

  it('keeps the plan of a job that Slurm may have accepted', async () => {
    const lost = {
      ...ACCEPTS,
      sbatch: '[ "$1" = --version ] || { echo "Socket timed out on send/recv" >&2; exit 1; }',
    };
    const { code, result } = await sweep(lost, ...PLAN, '--seeds=0..1', '--out=in doubt', '--engine=slurm');
    expect([code, result.error.code]).toEqual([1, 'NO_ANSWER']);
    expect(result.error.message).toMatch(
      /`tagger sweep 'in doubt' --status`.*`tagger sweep 'in doubt' --engine slurm`/,
    );
    expect((await readdir(join(folder, 'in doubt'))).sort()).toEqual(['slurm', 'sweep.json']);

    const commands = { ...ACCEPTS, squeue: 'echo "78|0|PENDING|Priority|"; echo "78|1|PENDING|Priority|"' };
    const { result: again } = await sweep(commands, 'in doubt', '--engine=slurm');
    expect([again.runs, again.queued]).toEqual([[], 2]);
  });

  it('names the tasks that Slurm holds, which do not start by themselves', async () => {
    const commands = { ...ACCEPTS, squeue: 'echo "77|0|REQUEUE_HOLD|None|"; echo "77|1|PENDING|JobHeldUser|"' };
    const { result, stderr } = await sweep(commands, 'mine', '--engine=slurm');
    expect([result.runs, result.queued, result.held]).toEqual([[], 0, [0, 1]]);
    expect(stderr).toContain('scontrol release 77_0,77_1');
    expect((await sweep(commands, 'mine', '--status')).stderr).toContain('scontrol release 77_0,77_1');
  });

  it('submits the other runs if the folder of one is damaged', async () => {
    await sweep({}, ...PLAN, '--seeds=0..2', '--out=damaged', '--engine=slurm', '--dry-run');
    await mkdir(join(folder, 'damaged/1-seed=1'));
    await writeFile(join(folder, 'damaged/1-seed=1/config.json'), '{');
    const { code, result, stderr } = await sweep(ACCEPTS, 'damaged', '--engine=slurm');
    expect([code, result.job, result.runs, result.damaged]).toEqual([1, '77', [0, 2], [1]]);
    expect(stderr).toContain('1-seed=1');
  });

  it.each([
    ['USAGE', ['--time=soon']],
    ['USAGE', ['--image=tagger']],
    ['FILE', ['--slurm-lines=nowhere.txt']],
  ])('reports %s for %j, and leaves no files', async (error, args) => {
    const { result } = await sweep(ACCEPTS, ...PLAN, '--out=none', '--engine=slurm', ...args);
    expect(result.error.code).toBe(error);
    expect(await readdir(folder)).not.toContain('none');
  });

  it('refuses a sweep that another process trains or submits', async () => {
    const lock = await lockFolder(join(folder, 'mine'));
    const { code, result, calls } = await sweep(ACCEPTS, 'mine', '--engine=slurm');
    lock.release();
    expect([code, result.error.code]).toEqual([1, 'RUN_FOLDER']);
    expect(await calls('sbatch')).toBe('');
  });

  it('reports what Slurm says about each run', async () => {
    const commands = {
      squeue: 'echo "78|1|PENDING|Resources|"',
      sacct: 'echo "77_0|FAILED|node1"; echo "77_1|FAILED|node2"',
    };
    const { result } = await sweep(commands, 'mine', '--status');
    expect(result.runs.map(({ slurm }: { slurm: unknown }) => slurm)).toEqual([
      { index: 0, id: '77_0', state: 'FAILED', node: 'node1' },
      { index: 1, id: '78_1', state: 'PENDING', reason: 'Resources' },
    ]);
  });

  it('reports the state of the folders if Slurm does not answer', async () => {
    const { code, result, stderr } = await sweep({}, 'mine', '--status');
    expect([code, result.runs.length]).toEqual([0, 2]);
    expect(stderr).toContain('squeue');
  });
});

onPosix('the script of the job array', () => {
  /** Runs the script as Slurm would, with a stand-in for `scontrol`; `onStep` is called after the first step. */
  async function runScript(onStep?: (pid: number) => void) {
    const bin = await mkdtemp(join(folder, 'bin-'));
    await writeFile(join(bin, 'scontrol'), `#!/bin/sh\necho "$@" > "${bin}/log"\n`, { mode: 0o755 });
    const child = spawn('bash', [join(folder, 'mine/slurm/job.sbatch')], {
      env: {
        ...environment(),
        PATH: `${bin}:${process.env['PATH']}`,
        SLURM_ARRAY_JOB_ID: '5',
        SLURM_ARRAY_TASK_ID: '1',
      },
      stdio: 'ignore',
    });
    const closed = new Promise<number | null>((done) => child.on('close', done));
    const metrics = join(folder, 'mine/1-seed=1/metrics.jsonl');
    if (onStep) {
      while (!(await readFile(metrics, 'utf8').catch(() => '')).includes('"step":2,')) {
        await new Promise((done) => setTimeout(done, 20));
      }
      onStep(child.pid!);
    }
    const code = await closed;
    return { code, scontrol: await readFile(join(bin, 'log'), 'utf8').catch(() => '') };
  }

  it('saves the run and requeues its task before the time limit', async () => {
    expect(await runScript((pid) => process.kill(pid, 'SIGUSR1'))).toEqual({ code: 0, scontrol: 'requeue 5_1\n' });
    const files = await readdir(join(folder, 'mine/1-seed=1'));
    expect(files).toContain('checkpoints');
    expect(files).not.toContain('finished.json');
  });

  it('resumes the run, and ends with the same bits as a run without a stop', async () => {
    expect(await runScript()).toEqual({ code: 0, scontrol: '' });
    const alone = ['train', ...PLAN, '--seed=1', '--threads=1', '--out=alone', '--quiet'];
    expect(await runTagger(folder, alone)).toMatchObject({ code: 0 });
    expect(await runContents(join(folder, 'mine/1-seed=1'))).toEqual(await runContents(join(folder, 'alone')));
  });

  it('passes a failure on, without requeuing', async () => {
    await rm(join(folder, 'mine/1-seed=1'), { recursive: true });
    await mkdir(join(folder, 'mine/1-seed=1'));
    await writeFile(join(folder, 'mine/1-seed=1/config.json'), '{}');
    expect(await runScript()).toEqual({ code: 1, scontrol: '' });
  });
});

onPosix('tagger sweep --engine kubernetes', () => {
  const args = [...PLAN, '--seeds=0..1', '--engine=kubernetes', '--image=tagger:1', '--volume-claim=sweeps'];

  it('writes the Job with --dry-run, without kubectl', async () => {
    const { code, result } = await sweep({}, ...args, '--out=job', '--dry-run');
    expect([code, result.job]).toEqual([0, null]);
    const job = JSON.parse(await readFile(join(folder, 'job/kubernetes/job.json'), 'utf8'));
    expect(job.spec).toMatchObject({ completions: 2, completionMode: 'Indexed' });
  });

  it('submits the Job', async () => {
    const { code, result, calls } = await sweep({ kubectl: '' }, 'job', ...args.slice(-3));
    expect([code, result.job]).toEqual([0, expect.stringMatching(/^tagger-job-/)]);
    expect(await calls('kubectl')).toContain(`create --filename ${join(folder, 'job/kubernetes/job.json')}`);
  });

  it('keeps the plan of a Job that the cluster may have accepted', async () => {
    const lost = { kubectl: '[ "$1" = version ] || { echo "net/http: TLS handshake timeout" >&2; exit 1; }' };
    const { code, result } = await sweep(lost, ...args, '--out=lost');
    expect([code, result.error.code]).toEqual([1, 'NO_ANSWER']);
    expect((await readdir(join(folder, 'lost'))).sort()).toEqual(['kubernetes', 'sweep.json']);
  });

  it('prints commands that a shell understands', async () => {
    await sweep({}, ...args, '--out=two words', '--dry-run');
    const { stdout } = await runTagger(folder, ['sweep', 'two words', ...args.slice(-3), '--dry-run']);
    expect(stdout).toContain("kubectl create --filename 'two words/kubernetes/job.json'");
    expect(stdout).toContain("tagger compare 'two words'");
  });

  it.each([
    ['ENGINE', 'an absent kubectl', {}, []],
    ['ENGINE', 'a cluster that refuses the Job', { kubectl: '[ "$1" = version ] || exit 1' }, []],
    ['USAGE', 'a volume elsewhere', { kubectl: '' }, ['--volume-path=elsewhere']],
  ])('reports %s for %s, and leaves no files', async (error, _, commands, more) => {
    const { result } = await sweep(commands as Record<string, string>, ...args, '--out=none', ...more);
    expect(result.error.code).toBe(error);
    expect(await readdir(folder)).not.toContain('none');
  });

  it('refuses the data of an existing plan that are outside of the volume', async () => {
    const plan = JSON.parse(await readFile(join(folder, 'job/sweep.json'), 'utf8'));
    for (const run of plan.runs) run.settings.data = JSON.stringify({ type: 'file', path: '/elsewhere/data.npz' });
    await mkdir(join(folder, 'moved'));
    await writeFile(join(folder, 'moved/sweep.json'), JSON.stringify(plan));
    const { result } = await sweep({}, 'moved', ...args.slice(-3), '--dry-run');
    expect(result.error.code).toBe('USAGE');
  });

  it('needs an image', async () => {
    const { result } = await sweep({}, 'job', '--engine=kubernetes', '--volume-claim=sweeps', '--dry-run');
    expect(result.error.code).toBe('USAGE');
  });
});
