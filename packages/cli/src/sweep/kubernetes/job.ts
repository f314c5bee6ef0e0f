import { dirname, relative, sep } from 'node:path';

import { CliError, EXIT_CODES } from '../../errors';
import { shown } from '../../shown-path';
import { checkMemory, jobName } from '../engine-options';

/** What a Kubernetes Job needs. */
export interface KubernetesOptions {
  /** Image with the `tagger` command. */
  readonly image: string;
  /** The persistent volume claim that contains the sweep's folder. */
  readonly volumeClaim: string;
  /** Where this machine has the volume, and the pods get it. @default the parent of the sweep's folder */
  readonly volumePath?: string;
  /** CPUs and threads of each run. @default 1 */
  readonly cpus?: number;
  /** Memory of each run, such as `4G`. @default no limit */
  readonly memory?: string;
  /** Largest number of runs at a time. @default all */
  readonly jobs?: number;
  /** User and group of the processes, so that they may write where this process may. @default the image's */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Seconds that a run has to save after SIGTERM. */
const GRACE_SECONDS = 120;

/** Failures of a run before Kubernetes gives it up. Evictions and SIGTERM do not count. */
const RETRIES = 3;

/**
 * An Indexed Job with one index per run.
 *
 * @param folder the sweep's, an absolute path
 * @param runs number of runs
 * @param words the words after `tagger` that start a run; the index of the run follows
 * @param paths other paths that a run reads, which must be in the volume
 * @throws CliError `USAGE` if an option is not valid, or a path is outside of the volume
 */
export function kubernetesJob(
  folder: string,
  runs: number,
  words: readonly string[],
  paths: readonly string[],
  { image, volumeClaim, volumePath = dirname(folder), cpus = 1, memory, jobs = runs, user }: KubernetesOptions,
) {
  checkMemory(memory);
  if (volumeClaim.length > 253 || !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(volumeClaim)) {
    throw new CliError('USAGE', `--volume-claim takes the name of a claim, not '${volumeClaim}'.`);
  }
  for (const path of [folder, ...paths]) {
    if (!relative(volumePath, path).split(sep).includes('..')) continue;
    throw new CliError(
      'USAGE',
      `'${shown(path)}' is outside of '${shown(volumePath)}', where the pods get the volume, so they cannot read it. Move it ` +
        'there, or name another folder with --volume-path.',
    );
  }
  const name = jobName(folder);
  const labels = { 'app.kubernetes.io/name': 'tagger', 'app.kubernetes.io/instance': name };
  const resources = { cpu: String(cpus), ...(memory !== undefined && { memory: `${memory}i` }) };
  const container = 'tagger';
  return {
    apiVersion: 'batch/v1' as const,
    kind: 'Job' as const,
    metadata: { name, labels },
    spec: {
      completionMode: 'Indexed' as const,
      completions: runs,
      parallelism: Math.min(jobs, runs),
      backoffLimitPerIndex: RETRIES,
      podFailurePolicy: {
        // The first rule that matches counts.
        rules: [
          {
            action: 'FailIndex' as const,
            onExitCodes: { containerName: container, operator: 'In' as const, values: [EXIT_CODES.usage] },
          },
          { action: 'Ignore' as const, onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          {
            action: 'Ignore' as const,
            onExitCodes: { containerName: container, operator: 'In' as const, values: [EXIT_CODES.terminated] },
          },
        ],
      },
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never' as const,
          terminationGracePeriodSeconds: GRACE_SECONDS,
          ...(user && { securityContext: { runAsUser: user.uid, runAsGroup: user.gid } }),
          containers: [
            {
              name: container,
              image,
              // Kubernetes sets this variable, and replaces it here.
              args: [...words, '--index', '$(JOB_COMPLETION_INDEX)'].map((word, i, { length }) =>
                i === length - 1 ? word : word.replaceAll('$(', () => '$$('),
              ),
              resources: { requests: resources, limits: resources },
              volumeMounts: [{ name: 'sweeps', mountPath: volumePath }],
            },
          ],
          volumes: [{ name: 'sweeps', persistentVolumeClaim: { claimName: volumeClaim } }],
        },
      },
    },
  };
}
