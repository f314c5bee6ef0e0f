import { createHash } from 'node:crypto';
import { basename } from 'node:path';

import { CliError } from '../errors';

/** What runs a sweep. */
export type EngineName = 'local' | 'slurm' | 'kubernetes';

/** The options of `tagger sweep` that do not change its runs. */
export interface EngineOptions {
  readonly engine?: EngineName;
  readonly dryRun: boolean;
  readonly index?: number;
  readonly status: boolean;
  readonly jobs?: number;
  readonly threads?: number;
  readonly tensorboard?: string;
  readonly json: boolean;
  readonly time?: string;
  readonly cpus?: number;
  readonly memory?: string;
  readonly partition?: string;
  readonly account?: string;
  readonly slurmLines?: string;
  readonly image?: string;
  readonly volumeClaim?: string;
  readonly volumePath?: string;
}

const FLAGS: Readonly<Record<keyof EngineOptions, string>> = {
  engine: '--engine',
  dryRun: '--dry-run',
  index: '--index',
  status: '--status',
  jobs: '--jobs',
  threads: '--threads',
  tensorboard: '--tensorboard',
  json: '--json',
  time: '--time',
  cpus: '--cpus',
  memory: '--memory',
  partition: '--partition',
  account: '--account',
  slurmLines: '--slurm-lines',
  image: '--image',
  volumeClaim: '--volume-claim',
  volumePath: '--volume-path',
};

/** The options that have an effect, by what the command does. */
const EFFECTIVE: Readonly<Record<string, readonly (keyof EngineOptions)[]>> = {
  '--index': ['index', 'threads', 'tensorboard', 'json'],
  '--status': ['status', 'json'],
  // The plan does not contain them.
  '--dry-run': ['engine', 'dryRun', 'json'],
  '--engine local': ['engine', 'dryRun', 'jobs', 'threads', 'tensorboard', 'json'],
  '--engine slurm': [
    ...(['engine', 'dryRun', 'jobs', 'tensorboard', 'json'] as const),
    ...(['time', 'cpus', 'memory', 'partition', 'account', 'slurmLines'] as const),
  ],
  '--engine kubernetes': [
    ...(['engine', 'dryRun', 'jobs', 'tensorboard', 'json'] as const),
    ...(['cpus', 'memory', 'image', 'volumeClaim', 'volumePath'] as const),
  ],
};

/** @throws CliError `USAGE` that names the options without effect */
export function refuseUselessOptions(options: EngineOptions): void {
  const mode = modeOf(options);
  const useless = (Object.entries(FLAGS) as [keyof EngineOptions, string][]).flatMap(([key, flag]) => {
    const given = options[key];
    return given === undefined || given === false || EFFECTIVE[mode]?.includes(key) ? [] : [flag];
  });
  if (useless.length === 0) return;
  const [verb, pronoun] = useless.length === 1 ? ['has', 'it'] : ['have', 'them'];
  throw new CliError('USAGE', `${useless.join(', ')} ${verb} no effect with ${mode}. Leave ${pronoun} out.`);
}

function modeOf({ index, status, engine = 'local', dryRun }: EngineOptions): string {
  if (index !== undefined) return '--index';
  if (status) return '--status';
  return engine === 'local' && dryRun ? '--dry-run' : `--engine ${engine}`;
}

/** Checks a size such as `4G` or `500M`. @throws CliError `USAGE` */
export function checkMemory(memory: string | undefined): void {
  if (memory === undefined || /^[1-9]\d{0,8}[MG]$/.test(memory)) return;
  throw new CliError('USAGE', `--memory takes a size such as 4G or 500M, not '${memory}'.`);
}

/**
 * A name for the job of a sweep: `tagger-`, the name of its folder, and a checksum of the folder's path. It fits the rules
 * of Kubernetes with room for the index of a run.
 *
 * @param folder absolute path
 */
export function jobName(folder: string): string {
  const words = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 30)
    .replaceAll(/^-+|-+$/g, '');
  const checksum = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  return ['tagger', ...(words === '' ? [] : [words]), checksum].join('-');
}
