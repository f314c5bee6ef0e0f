import { resolve } from 'node:path';

import type { CommandContext } from '../command-context';
import { checkBackend } from '../run/backend';
import { type EngineOptions, refuseUselessOptions } from '../sweep/engine-options';
import { runOnKubernetes } from '../sweep/kubernetes/submit';
import { runLocally } from '../sweep/local-sweep';
import { continueSweep, lockSweep, openSweep, type PlanOptions, writePlan } from '../sweep/open-sweep';
import { runIndex } from '../sweep/run-index';
import { runOnSlurm } from '../sweep/slurm/submit';
import { printStatus } from '../sweep/sweep-status';
import { commandLine } from '../command-line/command-line';
import { shown } from '../shown-path';

/** Arguments and options of `tagger sweep`. */
export interface SweepArguments extends PlanOptions, EngineOptions {}

/** Runs `tagger sweep`. */
export async function runSweep(args: SweepArguments, context: CommandContext): Promise<void> {
  refuseUselessOptions(args);
  checkBackend({ ...args, backend: args.backend ?? 'wasm' });
  const { engine = 'local', index, status } = args;
  const sweep = index !== undefined || status ? await continueSweep(args) : await openSweep(args);
  const { backend = 'wasm', precision } = sweep.manifest;
  checkBackend({ ...args, backend, precision });

  if (index !== undefined) return runIndex(sweep, index, args, context);
  if (status) return printStatus(sweep, args, context);
  // A job may start in another folder.
  const tensorboard = args.tensorboard === undefined ? {} : { tensorboard: resolve(args.tensorboard) };
  if (engine !== 'local') {
    // Not while a process on this machine trains the runs, or another one submits them. A new sweep has no folder yet.
    const lock = sweep.begun ? await lockSweep(sweep.folder, context.output) : undefined;
    try {
      const submit = engine === 'slurm' ? runOnSlurm : runOnKubernetes;
      return await submit(sweep, { ...args, ...tensorboard }, context);
    } finally {
      lock?.release();
    }
  }
  if (!args.dryRun) return runLocally(sweep, args, context);
  await writePlan(sweep);
  const { folder, manifest } = sweep;
  if (args.json) context.output.print(JSON.stringify({ folder, runs: manifest.runs.length }, null, 2));
  else context.output.print(`Start: ${commandLine(['sweep', shown(folder)])}`);
}
