import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { isRun, openRun } from '@taggerjs/experiment/node';

import type { CommandContext } from '../../command-context';
import { commandLine, shellLine } from '../../command-line/command-line';
import { CliError, EXIT_CODES } from '../../errors';
import { hasThreads } from '../../run/backend';
import { shown } from '../../shown-path';
import { engineCommand } from '../engine-command';
import { jobName } from '../engine-options';
import type { OpenedSweep } from '../open-sweep';
import { program } from '../run-process';
import { submitJob } from '../submit-job';
import { damaged, MANIFEST } from '../sweep-folder';
import { slurmFolder, slurmScript, type SlurmOptions } from './job-script';
import { isHeld, isQueued, printHeld, slurmTasks, type SlurmTask } from './queue';

/** Options of {@link runOnSlurm}. */
export interface SlurmSweepOptions extends Omit<SlurmOptions, 'lines'> {
  /** File with lines for the script. */
  readonly slurmLines?: string;
  /** Absolute path of the folder for TensorBoard. */
  readonly tensorboard?: string;
  /** Write the script, but do not submit it. */
  readonly dryRun: boolean;
  readonly json: boolean;
}

/**
 * Hands the unfinished runs of a sweep to Slurm, as one job array. Leaves out runs that wait in the queue, are held there, or run
 * already. Reports runs whose folders are damaged, and sets the exit code of a failure.
 *
 * @throws CliError `ENGINE` if Slurm is absent or refuses the job, `USAGE` if an option is not valid, `FILE` if a file cannot
 *   be read or written. A new sweep then leaves no files. `NO_ANSWER` if Slurm may have accepted the job
 */
export async function runOnSlurm(
  sweep: OpenedSweep,
  { slurmLines, tensorboard, dryRun, json, ...options }: SlurmSweepOptions,
  { output, setExitCode }: CommandContext,
): Promise<void> {
  const { folder, manifest, begun } = sweep;
  const lines = slurmLines === undefined ? undefined : await readLines(slurmLines);
  const { unfinished, broken } = await sortRuns(sweep);
  for (const { name, error } of broken) output.error(`${name}: ${error}`);
  if (broken.length > 0) setExitCode(EXIT_CODES.failed);
  const queued = new Map<number, SlurmTask>();
  if (!dryRun) {
    // Before anything is written, because Slurm may be absent.
    await engineCommand('sbatch', ['--version']);
    if (begun) {
      const { mtime } = await stat(join(folder, MANIFEST));
      for (const [index, task] of await slurmTasks(jobName(folder), mtime)) if (isQueued(task)) queued.set(index, task);
    }
  }
  const starting = unfinished.filter((index) => !queued.has(index));
  const left = unfinished.flatMap((index) => queued.get(index) ?? []);
  const held = left.filter(isHeld);
  const waiting = left.length - held.length;
  printHeld(held, output);
  const rest = { queued: waiting, held: held.map(({ index }) => index), damaged: broken.map(({ index }) => index) };
  if (starting.length === 0) {
    const finished = manifest.runs.length - unfinished.length - broken.length;
    if (json) output.print(JSON.stringify({ folder, runs: [], ...rest, finished }, null, 2));
    else {
      output.print(
        `Nothing to submit: ${finished} runs are finished, ${waiting} wait or run, ${held.length} are held, ` +
          `${broken.length} are damaged.`,
      );
    }
    return;
  }

  const threads = hasThreads(manifest.backend ?? 'wasm') ? ['--threads', String(options.cpus ?? 1)] : [];
  const tracking = tensorboard === undefined ? [] : ['--tensorboard', tensorboard];
  const command = [process.execPath, program(), 'sweep', folder, ...threads, ...tracking, '--index'];
  const text = slurmScript(folder, starting, command, { ...options, ...(lines !== undefined && { lines }) });
  const script = join(slurmFolder(folder), 'job.sbatch');
  const status = commandLine(['sweep', shown(folder), '--status']);
  const job = await submitJob(
    sweep,
    { path: script, text },
    async () => {
      if (dryRun) return undefined;
      return (await engineCommand('sbatch', ['--parsable', script], { submits: true })).trim().split(';')[0];
    },
    `See what Slurm has: \`${status}\`. To submit the runs that it does not have: ` +
      `\`${commandLine(['sweep', shown(folder), '--engine', 'slurm'])}\`, with the same options.`,
  );
  if (json) {
    output.print(JSON.stringify({ folder, script, runs: starting, ...rest, job: job ?? null }, null, 2));
    return;
  }
  if (job === undefined) output.print(`Submit:  ${shellLine(['sbatch', shown(script)])}`);
  else output.print(`Submitted ${starting.length} runs as job ${job}.`);
  output.print(`Status:  ${status}`);
  output.print(`Compare: ${commandLine(['compare', shown(folder)])}`);
}

async function readLines(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: Error) => {
    throw new CliError('FILE', `--slurm-lines: '${path}' cannot be read: ${cause.message}`, { cause });
  });
}

/** The indexes of the runs that are not finished, and the runs whose folders are damaged. */
async function sortRuns({ folder, manifest }: OpenedSweep) {
  const unfinished: number[] = [];
  const broken: { readonly index: number; readonly name: string; readonly error: string }[] = [];
  for (const [index, { name }] of manifest.runs.entries()) {
    const run = join(folder, name);
    try {
      if (!((await isRun(run)) && (await (await openRun(run)).finished()))) unfinished.push(index);
    } catch (cause) {
      broken.push({ index, name, error: damaged(cause) });
    }
  }
  return { unfinished, broken };
}
