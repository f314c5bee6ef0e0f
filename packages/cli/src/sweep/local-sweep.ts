import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { isRun, openRun } from '@taggerjs/experiment/node';

import { printComparison } from '../actions/compare';
import type { CommandContext } from '../command-context';
import { commandLine } from '../command-line/command-line';
import { CliError, EXIT_CODES } from '../errors';
import { hasThreads } from '../run/backend';
import { shown } from '../shown-path';
import { lockSweep, type OpenedSweep, writePlan } from './open-sweep';
import { type RunProcess, startRun } from './run-process';

/** Options of {@link runLocally}. */
export interface LocalOptions {
  /** Number of runs in parallel. @default 1 */
  readonly jobs?: number;
  /** Threads of each run. @default all cores / jobs */
  readonly threads?: number;
  readonly tensorboard?: string;
  readonly json: boolean;
}

/** Runs a sweep on this machine, each run in a process of its own, and compares the runs. */
export async function runLocally(
  sweep: OpenedSweep,
  { jobs = 1, threads, tensorboard, json }: LocalOptions,
  { output, setExitCode }: CommandContext,
): Promise<void> {
  const { folder, manifest } = sweep;
  const { backend = 'wasm' } = manifest;
  const lock = await lockSweep(folder, output);
  try {
    await writePlan(sweep);
  } catch (error) {
    lock.release();
    throw error;
  }
  const share = threads ?? Math.max(1, Math.floor(availableParallelism() / jobs));
  const sharing = hasThreads(backend) ? ['--threads', String(share)] : [];

  const running = new Set<RunProcess>();
  let stopped: 'SIGINT' | 'SIGTERM' | undefined;
  const onSignal = (name: 'SIGINT' | 'SIGTERM') => {
    if (stopped === undefined) output.note('Interrupted: saving the current runs. Interrupt again to end at once.');
    stopped = name;
    for (const child of running) child.signal(name);
  };
  const [onInterrupt, onTerminate] = [() => onSignal('SIGINT'), () => onSignal('SIGTERM')];
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);

  const failed: string[] = [];
  const waiting = [...manifest.runs.entries()];
  const train = async (index: number, name: string, title: string) => {
    const run = join(folder, name);
    const begun = await isRun(run);
    if (begun && (await (await openRun(run)).finished())) {
      output.note(`${title}: done before`);
      return;
    }
    output.note(`${title}: ${begun ? 'continues' : 'starts'}`);
    // TensorFlow's results depend on the number of threads, so a resumed run keeps its number.
    const keeps = begun && backend === 'tensorflow' && threads === undefined;
    const log = join(folder, `${name}.log`);
    const tracking = tensorboard === undefined ? [] : ['--tensorboard', tensorboard];
    const words = ['sweep', folder, '--index', String(index), ...(keeps ? [] : sharing), ...tracking];
    const child = await startRun(words, log);
    running.add(child);
    // A signal may have arrived while the process started.
    if (stopped !== undefined) child.signal(stopped);
    const code = await child.exitCode;
    running.delete(child);
    if (code === EXIT_CODES.ok) output.note(`${title}: done`);
    else if (stopped === undefined || (code !== EXIT_CODES.interrupted && code !== EXIT_CODES.terminated)) {
      failed.push(name);
      output.error(`${title}: failed with exit code ${code}; see ${shown(log)}`);
    }
  };
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined && stopped === undefined; next = waiting.shift()) {
      const [index, { name }] = next;
      const title = `${index + 1}/${manifest.runs.length} ${name}`;
      try {
        await train(index, name, title);
      } catch (error) {
        // The other runs go on, and with them the lock and the signal handlers.
        failed.push(name);
        output.error(`${title}: failed: ${(error as Error).message}`);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, work));
  } finally {
    process.removeListener('SIGINT', onInterrupt);
    process.removeListener('SIGTERM', onTerminate);
    lock.release();
  }

  if (stopped !== undefined) {
    output.note(`To continue: ${commandLine(['sweep', shown(folder)])}`);
    setExitCode(stopped === 'SIGINT' ? EXIT_CODES.interrupted : EXIT_CODES.terminated);
    return;
  }
  if (failed.length === manifest.runs.length) {
    throw new CliError(
      'RUN_FOLDER',
      `All runs of '${shown(folder)}' failed. Their logs say why: <run>.log in this folder.`,
    );
  }
  await printComparison(output, [folder], { json, out: join(folder, 'compare') });
  if (failed.length > 0) setExitCode(EXIT_CODES.failed);
}
