import { readFile, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { isRun, openRun } from '@taggerjs/experiment/node';
import { makeFolder, writeFileAtomic } from '@taggerjs/weights/node';

import type { CommandContext } from '../../command-context';
import { commandLine } from '../../command-line/command-line';
import { CliError } from '../../errors';
import { hasThreads } from '../../run/backend';
import { shown } from '../../shown-path';
import { engineCommand } from '../engine-command';
import { jobName } from '../engine-options';
import { type OpenedSweep, removePlan, writePlan } from '../open-sweep';
import { program } from '../run-process';
import { MANIFEST } from '../sweep-folder';
import { slurmFolder, slurmScript, type SlurmOptions } from './job-script';
import { isQueued, slurmTasks } from './queue';

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
 * Hands the unfinished runs of a sweep to Slurm, as one job array. Runs that wait in the queue or run already are left out.
 *
 * @throws CliError `ENGINE` if Slurm is absent or refuses the job, `USAGE` if an option is not valid, `FILE` if a file cannot
 *   be read or written. A new sweep then leaves no files
 */
export async function runOnSlurm(
  sweep: OpenedSweep,
  { slurmLines, tensorboard, dryRun, json, ...options }: SlurmSweepOptions,
  { output }: CommandContext,
): Promise<void> {
  const { folder, manifest, begun } = sweep;
  const lines = slurmLines === undefined ? undefined : await readLines(slurmLines);
  const indexes = await unfinishedRuns(sweep);
  const queued = new Set<number>();
  if (!dryRun) {
    // Before anything is written, because Slurm may be absent.
    await engineCommand('sbatch', ['--version']);
    if (begun) {
      const { mtime } = await stat(join(folder, MANIFEST));
      for (const [index, task] of await slurmTasks(jobName(folder), mtime)) if (isQueued(task)) queued.add(index);
    }
  }
  const starting = indexes.filter((index) => !queued.has(index));
  const waiting = indexes.length - starting.length;
  if (starting.length === 0) {
    const finished = manifest.runs.length - waiting;
    if (json) output.print(JSON.stringify({ folder, runs: [], queued: waiting, finished }, null, 2));
    else output.print(`Nothing to submit: ${finished} runs are finished, ${waiting} wait or run.`);
    return;
  }

  const threads = hasThreads(manifest.backend ?? 'wasm') ? ['--threads', String(options.cpus ?? 1)] : [];
  const tracking = tensorboard === undefined ? [] : ['--tensorboard', tensorboard];
  const command = [process.execPath, program(), 'sweep', folder, ...threads, ...tracking, '--index'];
  const text = slurmScript(folder, starting, command, { ...options, ...(lines !== undefined && { lines }) });
  const script = join(slurmFolder(folder), 'job.sbatch');
  let job: string | undefined;
  await writePlan(sweep);
  try {
    await makeFolder(slurmFolder(folder));
    await writeFileAtomic(script, text);
    if (!dryRun) [job] = (await engineCommand('sbatch', ['--parsable', script])).trim().split(';');
  } catch (error) {
    if (!begun) {
      await rm(script, { force: true });
      await rmdir(slurmFolder(folder)).catch(() => undefined);
      await removePlan(sweep);
    }
    throw error;
  }
  if (json) {
    output.print(JSON.stringify({ folder, script, runs: starting, queued: waiting, job: job ?? null }, null, 2));
    return;
  }
  if (job === undefined) output.print(`Submit:  sbatch ${shown(script)}`);
  else output.print(`Submitted ${starting.length} runs as job ${job}.`);
  output.print(`Status:  ${commandLine(`sweep ${shown(folder)} --status`)}`);
  output.print(`Compare: ${commandLine(`compare ${shown(folder)}`)}`);
}

async function readLines(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: Error) => {
    throw new CliError('FILE', `--slurm-lines: '${path}' cannot be read: ${cause.message}`, { cause });
  });
}

async function unfinishedRuns({ folder, manifest }: OpenedSweep): Promise<number[]> {
  const indexes: number[] = [];
  for (const [index, { name }] of manifest.runs.entries()) {
    const run = join(folder, name);
    if (!((await isRun(run)) && (await (await openRun(run)).finished()))) indexes.push(index);
  }
  return indexes;
}
