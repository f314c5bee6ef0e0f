import { resolve } from 'node:path';

import type { CommandContext } from '../command-context';
import { checkBackend } from '../run/backend';
import { type EngineOptions, refuseUselessOptions } from '../sweep/engine-options';
import { runOnKubernetes } from '../sweep/kubernetes/submit';
import { runLocally } from '../sweep/local-sweep';
import { continueSweep, openSweep, type PlanOptions, writePlan } from '../sweep/open-sweep';
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
  if (engine === 'slurm') return runOnSlurm(sweep, { ...args, ...tensorboard }, context);
  if (engine === 'kubernetes') return runOnKubernetes(sweep, { ...args, ...tensorboard }, context);
  if (!args.dryRun) return runLocally(sweep, args, context);
  await writePlan(sweep);
  context.output.print(`Start: ${commandLine(`sweep ${shown(sweep.folder)}`)}`);
}
