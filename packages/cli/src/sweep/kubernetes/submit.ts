import { isAbsolute, join, resolve } from 'node:path';

import type { CommandContext } from '../../command-context';
import { commandLine, shellLine } from '../../command-line/command-line';
import { CliError } from '../../errors';
import { hasThreads } from '../../run/backend';
import { shown } from '../../shown-path';
import { engineCommand } from '../engine-command';
import type { OpenedSweep } from '../open-sweep';
import { submitJob } from '../submit-job';
import { kubernetesJob, type KubernetesOptions } from './job';

/** Options of {@link runOnKubernetes}. */
export interface KubernetesSweepOptions extends Omit<KubernetesOptions, 'image' | 'volumeClaim' | 'user'> {
  readonly image?: string;
  readonly volumeClaim?: string;
  /** Absolute path of the folder for TensorBoard. */
  readonly tensorboard?: string;
  /** Write the Job, but do not submit it. */
  readonly dryRun: boolean;
  readonly json: boolean;
}

/**
 * Hands the runs of a sweep to Kubernetes as one Indexed Job. Finished runs end at once.
 *
 * @throws CliError `ENGINE` if `kubectl` is absent or the cluster refuses the Job, `USAGE` if an option is missing or not
 *   valid, `FILE` if a file cannot be written. A new sweep then leaves no files. `NO_ANSWER` if the cluster may have accepted the Job
 */
export async function runOnKubernetes(
  sweep: OpenedSweep,
  { image, volumeClaim, volumePath, tensorboard, dryRun, json, ...options }: KubernetesSweepOptions,
  { output }: CommandContext,
): Promise<void> {
  const { folder, manifest } = sweep;
  const { recipe, from, backend = 'wasm', runs } = manifest;
  if (image === undefined || volumeClaim === undefined) {
    const flag = image === undefined ? '--image' : '--volume-claim';
    throw new CliError(
      'USAGE',
      `--engine kubernetes needs ${flag}. Example: --image registry.example/tagger:1 --volume-claim sweeps`,
    );
  }
  const threads = hasThreads(backend) ? ['--threads', String(options.cpus ?? 1)] : [];
  const tracking = tensorboard === undefined ? [] : ['--tensorboard', tensorboard];
  const paths = [
    ...(isAbsolute(recipe) ? [recipe] : []),
    ...(from ? [from.path] : []),
    ...new Set(runs.flatMap(({ settings }) => dataPath(settings['data']) ?? [])),
    ...(tensorboard === undefined ? [] : [tensorboard]),
  ];
  const job = kubernetesJob(folder, runs.length, ['sweep', folder, ...threads, ...tracking], paths, {
    ...{ image, volumeClaim, ...options },
    ...(volumePath !== undefined && { volumePath: resolve(volumePath) }),
    ...(process.getuid && process.getgid && { user: { uid: process.getuid(), gid: process.getgid() } }),
  });
  // Before anything is written, because kubectl may be absent.
  if (!dryRun) await engineCommand('kubectl', ['version', '--client']);

  const file = join(folder, 'kubernetes', 'job.json');
  const { name } = job.metadata;
  await submitJob(
    sweep,
    { path: file, text: `${JSON.stringify(job, null, 2)}\n` },
    async () => void (dryRun || (await engineCommand('kubectl', ['create', '--filename', file], { submits: true }))),
    `See it: \`kubectl get job ${name}\`. If it is not there, submit it: \`${submitLine(file)}\`.`,
  );
  if (json) {
    output.print(JSON.stringify({ folder, manifest: file, job: dryRun ? null : name, runs: runs.length }, null, 2));
    return;
  }
  if (dryRun) output.print(`Submit:  ${submitLine(file)}`);
  else output.print(`Submitted ${runs.length} runs as job ${name}.`);
  output.print(`Watch:   kubectl get job ${name} --watch`);
  output.print(`Status:  ${commandLine(['sweep', shown(folder), '--status'])}`);
  output.print(`Compare: ${commandLine(['compare', shown(folder)])}`);
}

function submitLine(file: string): string {
  return shellLine(['kubectl', 'create', '--filename', shown(file)]);
}

/** The path in a value of `data` that `--data` wrote into the plan; undefined for other values. */
function dataPath(value = ''): string | undefined {
  try {
    const { path } = Object(JSON.parse(value)) as { readonly path?: unknown };
    return typeof path === 'string' && isAbsolute(path) ? path : undefined;
  } catch {
    // A word, such as the name of a type.
    return undefined;
  }
}
