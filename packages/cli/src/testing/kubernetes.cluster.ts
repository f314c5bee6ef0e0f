// A real control plane of Kubernetes on this machine: etcd, the API server and the job controller. It has no nodes: the tests
// run the commands of the pods, and report their states. Needs `npm run setup:kubernetes`; `npm run test:kubernetes` runs this.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { BIN, environment, runTagger } from './command';
import { TINY } from './kill-run';

const PLAN = ['shapes-quick', ...TINY];
const ENGINE = ['--engine=kubernetes', '--image=tagger:1', '--volume-claim=sweeps'];

const script = resolve(__dirname, '../../../../tools/workspace/kubernetes.mjs');
let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-kubernetes-'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'start'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  env = { KUBECONFIG: stdout.trim() };
}, 120_000);
afterAll(async () => {
  spawnSync(process.execPath, [script, 'stop']);
  await rm(folder, { recursive: true, force: true });
});

interface Pod {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly [{ readonly args: readonly string[] }] };
  readonly status: { readonly phase: string };
}

function kubectl(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('kubectl', [...args], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const podsOf = (job: string): Pod[] =>
  JSON.parse(kubectl('get', 'pods', `--selector=batch.kubernetes.io/job-name=${job}`, '--output=json')).items;
const statusOf = (job: string) => JSON.parse(kubectl('get', 'job', job, '--output=json')).status;
const indexOf = (pod: Pod) => Number(pod.metadata.labels['batch.kubernetes.io/job-completion-index']);

/** Reports how the container of a pod ended, as the kubelet of a node would. */
function report(pod: Pod, exitCode: number, conditions: readonly object[] = []): void {
  const status = {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    conditions,
    containerStatuses: [
      {
        name: 'tagger',
        image: 'tagger:1',
        imageID: '',
        ready: false,
        restartCount: 0,
        state: { terminated: { exitCode } },
      },
    ],
  };
  kubectl(
    'patch',
    'pod',
    pod.metadata.name,
    '--subresource=status',
    '--type=merge',
    `--patch=${JSON.stringify({ status })}`,
  );
}

/** Submits a sweep, and returns the name of its Job. */
async function submit(name: string, runs: number, ...options: readonly string[]): Promise<string> {
  const args = ['sweep', ...PLAN, `--seeds=0..${runs - 1}`, `--out=${name}`, ...ENGINE, ...options, '--json'];
  const { code, stdout, stderr } = await runTagger(folder, args, { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout).job;
}

/** Handles every new pod of a Job, until the Job has ended. */
async function follow(job: string, handle: (pod: Pod, start: number) => void | Promise<void>) {
  const seen = new Set<string>();
  const starts = new Map<number, number>();
  const busy: Promise<void>[] = [];
  let together = 0;
  for (;;) {
    const pods = podsOf(job);
    together = Math.max(together, pods.filter(({ status }) => status.phase === 'Pending').length);
    for (const pod of pods) {
      if (seen.has(pod.metadata.name)) continue;
      seen.add(pod.metadata.name);
      const index = indexOf(pod);
      const start = (starts.get(index) ?? 0) + 1;
      starts.set(index, start);
      busy.push(Promise.resolve(handle(pod, start)));
    }
    const status = statusOf(job);
    const ended = (status.conditions ?? []).some(
      (condition: { type: string; status: string }) =>
        ['Complete', 'Failed'].includes(condition.type) && condition.status === 'True',
    );
    if (ended) {
      await Promise.all(busy);
      return { status, starts: [...starts].sort(([a], [b]) => a - b).map(([, count]) => count), together };
    }
    await sleep(300);
  }
}

it('trains every run in a pod of its own, two at a time, and resumes one that is terminated', async () => {
  const job = await submit('cluster', 4, '--jobs=2', '--set=training.steps=60');
  const { status, starts, together } = await follow(job, async (pod, start) => {
    // Kubernetes puts the index in place of the variable.
    const args = pod.spec.containers[0].args.map((word) =>
      word.replace('$(JOB_COMPLETION_INDEX)', String(indexOf(pod))),
    );
    const child = spawn(process.execPath, [BIN, ...args], { env: environment(), stdio: 'ignore' });
    const end = new Promise<number>((done) => child.on('close', (code, signal) => done(code ?? (signal ? 137 : 1))));
    if (indexOf(pod) === 1 && start === 1) {
      const checkpoints = async () =>
        (await readdir(join(folder, 'cluster'), { recursive: true })).filter((name) =>
          name.includes('1-seed=1/checkpoints/'),
        );
      while ((await checkpoints()).length === 0) await sleep(50);
      child.kill('SIGTERM');
    }
    report(pod, await end);
  });
  expect(status).toMatchObject({ succeeded: 4, completedIndexes: '0-3' });
  expect([starts, together]).toEqual([[1, 2, 1, 1], 2]);
  const { stdout } = await runTagger(folder, ['sweep', 'cluster', '--status', '--json']);
  expect(JSON.parse(stdout).runs.map(({ state }: { state: string }) => state)).toEqual(Array(4).fill('finished'));
}, 300_000);

it('gives up a mistake at once and a failing run after three retries, and neither counts evictions nor SIGTERM', async () => {
  const job = await submit('ends', 4);
  const evicted = { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' };
  const { status, starts } = await follow(job, (pod, start) => {
    const index = indexOf(pod);
    if (index === 0) report(pod, 2);
    else if (index === 1) report(pod, start <= 4 ? 143 : 0);
    else if (index === 2) report(pod, start <= 4 ? 137 : 0, start <= 4 ? [evicted] : []);
    else report(pod, 1);
  });
  expect(status).toMatchObject({ completedIndexes: '1,2', failedIndexes: '0,3' });
  expect(starts).toEqual([1, 5, 5, 4]);
}, 600_000);

it('refuses a Job of a name that exists, and keeps the plan of the first', async () => {
  const args = ['sweep', 'ends', ...ENGINE, '--json'];
  const { code, stdout } = await runTagger(folder, args, { env });
  expect([code, JSON.parse(stdout).error.code]).toEqual([1, 'ENGINE']);
  expect(await readdir(join(folder, 'ends'))).toContain('sweep.json');
});

it('leaves no files if the API server cannot be reached', async () => {
  const away = { KUBECONFIG: join(folder, 'nowhere') };
  const args = ['sweep', ...PLAN, '--out=away', ...ENGINE, '--json'];
  const { code, stdout } = await runTagger(folder, args, { env: away });
  expect([code, JSON.parse(stdout).error.code]).toEqual([1, 'ENGINE']);
  expect(await readdir(folder)).not.toContain('away');
});
