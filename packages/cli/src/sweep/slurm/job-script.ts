import { join } from 'node:path';

import { shellLine } from '../../command-line/command-line';
import { CliError } from '../../errors';
import { checkMemory, jobName } from '../engine-options';

/** What a job array needs. */
export interface SlurmOptions {
  /** Time limit of one start of a run, as in `sbatch --time`. @default the partition's */
  readonly time?: string;
  /** CPUs and threads of each run. @default 1 */
  readonly cpus?: number;
  /** Memory of each run, such as `4G`. @default the cluster's */
  readonly memory?: string;
  readonly partition?: string;
  readonly account?: string;
  /** Largest number of runs at a time. @default all */
  readonly jobs?: number;
  /** Lines for the script, after its own options and before its commands. @default none */
  readonly lines?: string;
}

/** Seconds between the signal and the time limit. Slurm may send the signal up to a minute early. */
const WARNING_SECONDS = 120;

/** The shortest time limit that leaves time to train, in seconds. */
const SHORTEST_SECONDS = 300;

/** Seconds that a run has to save before it is killed and requeued with an earlier checkpoint. */
const SAVING_SECONDS = 90;

/** The folder of the specification and the logs of a sweep. */
export function slurmFolder(folder: string): string {
  return join(folder, 'slurm');
}

/**
 * The script of a job array for `sbatch`: one task per run. Before the time limit, a run saves and its task is requeued.
 *
 * @param folder the sweep's, an absolute path on a file system that all nodes share
 * @param indexes the runs to start
 * @param command the words that start a run; the index of the run follows
 * @throws CliError `USAGE` if an option is not valid
 */
export function slurmScript(
  folder: string,
  indexes: readonly number[],
  command: readonly string[],
  { time, cpus = 1, memory, partition, account, jobs, lines }: SlurmOptions,
): string {
  if (time !== undefined && !TIME.test(time)) {
    throw new CliError(
      'USAGE',
      `--time takes minutes, hours:minutes:seconds or days-hours, such as 90, 12:00:00 or 1-0, not '${time}'.`,
    );
  }
  if (time !== undefined && secondsOf(time) < SHORTEST_SECONDS && !lines?.includes('--signal')) {
    throw new CliError(
      'USAGE',
      `--time ${time} is too short: Slurm asks a run to save up to three minutes before its limit. Give at least 5 minutes, or ` +
        'another #SBATCH --signal with --slurm-lines.',
    );
  }
  checkMemory(memory);
  const limit = jobs === undefined ? '' : `%${jobs}`;
  const options = {
    'job-name': jobName(folder),
    array: `${indexRanges(indexes)}${limit}`,
    // A percent sign in a path would begin a placeholder.
    output: `${folder.replaceAll('%', '%%')}/slurm/%A_%a.log`,
    'open-mode': 'append',
    'cpus-per-task': cpus,
    time,
    mem: memory,
    partition,
    account,
    signal: `B:USR1@${WARNING_SECONDS}`,
  };
  const directives = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`#SBATCH --${name}=${directiveValue(name, String(value))}`],
  );
  return [
    '#!/bin/bash',
    ...directives,
    '#SBATCH --requeue',
    ...(lines === undefined ? [] : [lines.trimEnd()]),
    '',
    '# Lines above may have set these options, with which a signal would end the script, and the run with it.',
    'set +eu',
    'requeue=',
    '# Slurm sends SIGTERM to every process of a task that it ends. The run saves on it, so the shell only waits.',
    "trap ':' TERM",
    '# Before the time limit, only the shell receives SIGUSR1.',
    'trap save USR1',
    'save() {',
    '  requeue=yes',
    '  kill -TERM "$run"',
    `  for ((second = 0; second < ${SAVING_SECONDS}; second++)); do`,
    '    kill -0 "$run" 2>/dev/null || return',
    '    sleep 1',
    '  done',
    '  kill -KILL "$run"',
    '}',
    '',
    `${shellLine(command, 'posix')} "$SLURM_ARRAY_TASK_ID" &`,
    'run=$!',
    '# A signal ends `wait` early.',
    'wait "$run"',
    'while kill -0 "$run" 2>/dev/null; do wait "$run"; done',
    'wait "$run"',
    'code=$?',
    '',
    '# 143: saved; 137: did not save in time, and continues from an earlier checkpoint.',
    'if [ -n "$requeue" ] && { [ "$code" -eq 143 ] || [ "$code" -eq 137 ]; }; then',
    '  exec scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"',
    'fi',
    'exit "$code"',
    '',
  ].join('\n');
}

/** The forms that `sbatch --time` accepts. */
const TIME = /^(\d+(:\d\d(:\d\d)?)?|\d+-\d+(:\d\d(:\d\d)?)?)$/;

/** A time limit in seconds; infinite for 0, which means no limit. */
function secondsOf(time: string): number {
  const [clock = '', days] = time.split('-').reverse();
  const parts = clock.split(':').map(Number);
  // Without days, one or two parts are minutes and seconds; with days, hours and minutes.
  const [hours = 0, minutes = 0, seconds = 0] = days === undefined && parts.length < 3 ? [0, ...parts] : parts;
  return ((Number(days ?? 0) * 24 + hours) * 60 + minutes) * 60 + seconds || Infinity;
}

/** Ascending numbers as ranges: 0, 1, 2, 5 become `0-2,5`. */
export function indexRanges(indexes: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const index of indexes) {
    const range = ranges.at(-1);
    if (range && range[1] === index - 1) range[1] = index;
    else ranges.push([index, index]);
  }
  return ranges.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(',');
}

function directiveValue(name: string, value: string): string {
  if (/["\\\n]/.test(value)) {
    throw new CliError('USAGE', `Slurm cannot read the value of --${name}: ${JSON.stringify(value)}. Choose another.`);
  }
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `"${value}"`;
}
