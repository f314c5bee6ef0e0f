import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { isRun, openRun } from '@taggerjs/experiment/node';

import type { CommandContext } from '../command-context';
import { CliError } from '../errors';
import { jobName } from './engine-options';
import type { OpenedSweep } from './open-sweep';
import { slurmFolder } from './slurm/job-script';
import { isHeld, printHeld, slurmTasks, type SlurmTask } from './slurm/queue';
import { damaged, MANIFEST, type PlannedRun } from './sweep-folder';

/** The state of one run of a sweep. */
interface RunStatus {
  readonly index: number;
  readonly name: string;
  readonly state: 'not started' | 'started' | 'finished' | 'damaged';
  /** Why a damaged run cannot be read. */
  readonly error?: string;
  /** Training steps made, and planned if the recipe gives them. */
  readonly step: number;
  readonly steps: number | null;
  /** The latest task of the run on Slurm. */
  readonly slurm: SlurmTask | null;
}

/**
 * Prints the state of every run: what its folder says, and for a sweep on Slurm what Slurm says. If Slurm cannot be asked,
 * prints the rest. A run whose folder is damaged does not hide the others.
 */
export async function printStatus(
  { folder, manifest }: OpenedSweep,
  { json }: { readonly json: boolean },
  { output }: CommandContext,
): Promise<void> {
  const { mtime } = await stat(join(folder, MANIFEST));
  let tasks: ReadonlyMap<number, SlurmTask> = new Map();
  const onSlurm = await stat(slurmFolder(folder)).catch(() => undefined);
  if (onSlurm) {
    try {
      tasks = await slurmTasks(jobName(folder), mtime);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      output.note(`Without the state of Slurm: ${error.message}`);
    }
  }
  const runs: RunStatus[] = [];
  for (const [index, planned] of manifest.runs.entries()) {
    runs.push({ index, ...(await runState(folder, planned)), slurm: tasks.get(index) ?? null });
  }
  for (const { name, error } of runs) if (error !== undefined) output.error(`${name}: ${error}`);
  printHeld([...tasks.values()].filter(isHeld), output);
  if (json) {
    output.print(JSON.stringify({ folder, runs }, null, 2));
    return;
  }
  for (const line of statusTable(runs)) output.print(line);
}

async function runState(folder: string, { name }: PlannedRun): Promise<Omit<RunStatus, 'index' | 'slurm'>> {
  const path = join(folder, name);
  if (!(await isRun(path))) return { name, state: 'not started', step: 0, steps: null };
  try {
    const run = await openRun(path);
    const steps = (await run.metrics()).map(({ step }) => (typeof step === 'number' ? step : 0));
    return {
      ...{ name, state: (await run.finished()) ? 'finished' : 'started', step: steps.at(-1) ?? 0 },
      steps: run.config.recipe.training.steps ?? null,
    };
  } catch (cause) {
    return { name, state: 'damaged', error: damaged(cause), step: 0, steps: null };
  }
}

function statusTable(runs: readonly RunStatus[]): string[] {
  const rows = runs.map(({ index, name, state, step, steps, slurm }) => [
    String(index),
    name,
    state === 'started' ? `step ${step}${steps === null ? '' : ` of ${steps}`}` : state,
    slurm === null ? '' : `${slurm.id} ${slurm.state}${detailOf(slurm)}`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const count = (state: RunStatus['state']) => runs.filter((run) => run.state === state).length;
  const broken = count('damaged');
  return [
    ...rows.map(([index = '', ...cells]) =>
      [index.padStart(widths[0]!), ...cells.map((cell, i) => cell.padEnd(widths[i + 1] ?? 0))].join('  ').trimEnd(),
    ),
    `${runs.length} runs: ${count('finished')} finished, ${count('started')} started, ${count('not started')} not started` +
      (broken > 0 ? `, ${broken} damaged` : ''),
  ];
}

function detailOf({ node, reason }: SlurmTask): string {
  if (node !== undefined) return ` on ${node}`;
  return reason === undefined ? '' : ` (${reason})`;
}
