import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { decodeCheckpoint, encodeCheckpoint, type Checkpoint, type TrainingState } from '@taggerjs/train';
import { makeFolder } from '@taggerjs/weights/node';

import { ExperimentError } from '../../errors';
import type { FolderLock } from '../lock/folder-lock';
import type { BackendDescription } from './run-config';
import type { WarningEvent } from './warning-event';

/** The best evaluation so far. */
export interface BestEvaluation {
  /** The metric that decides: the lowest cost, the highest AMI or the lowest classification error. */
  readonly metric: 'cost' | 'ami' | 'error';
  /** Step of the evaluation. */
  readonly step: number;
  /** Value of the metric. */
  readonly value: number;
}

/** What a checkpoint records in addition to the state of the training. */
export interface CheckpointInfo {
  /** Version of taggerjs. */
  readonly version: string;
  /** The recipe of the run. */
  readonly recipe: unknown;
  /** The backend that computed it. */
  readonly backend: BackendDescription;
  /** Number of metrics records at this point. */
  readonly records: number;
  /** The best evaluation so far; null before the first one, or if the recipe does not keep the best checkpoint. */
  readonly best: BestEvaluation | null;
}

/** A checkpoint of a run. */
export interface RunCheckpoint {
  /** The state that training continues from. */
  readonly state: TrainingState;
  /** Everything else that it records. */
  readonly info: CheckpointInfo;
}

const nameOf = (step: number) => `step-${String(step).padStart(9, '0')}.safetensors`;
const NAME = /^step-(\d+)\.safetensors$/;

/** Writes and removes files while this process holds the run's folder. */
interface CheckpointWriter {
  write(path: string, contents: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
}

/**
 * Writes a checkpoint, then removes all others except the newest `keep` and the best one.
 *
 * @throws as `write` of the writer; older checkpoints then remain
 */
export async function saveCheckpoint(
  folder: string,
  checkpoint: RunCheckpoint,
  keep: number,
  writer: CheckpointWriter,
): Promise<void> {
  const { step } = checkpoint.state;
  await makeFolder(folder);
  // Listed before writing: none of these belongs to a process that takes the folder over afterwards.
  const older = (await stepsIn(folder)).filter((other) => other !== step);
  const bytes = await encodeCheckpoint(checkpoint as unknown as Checkpoint);
  await writer.write(join(folder, nameOf(step)), bytes);
  for (const old of older.slice(keep - 1)) {
    if (old !== checkpoint.info.best?.step) await writer.remove(join(folder, nameOf(old)));
  }
}

/**
 * Reads the newest intact checkpoint. Renames damaged ones to `*.damaged` and yields a warning for each.
 *
 * @param lock the lock of the run's folder, checked before renaming
 * @returns undefined if there is none yet
 * @throws ExperimentError `RUN_FOLDER` if all of them are damaged, or the newest has another format version; `FILE` if one
 *   cannot be read. In the last two cases, the files stay unchanged
 */
export async function* latestCheckpoint(
  folder: string,
  lock: Pick<FolderLock, 'check'>,
): AsyncGenerator<WarningEvent, RunCheckpoint | undefined, undefined> {
  const steps = await stepsIn(folder);
  for (const [i, step] of steps.entries()) {
    const path = join(folder, nameOf(step));
    const bytes = await readFile(path).catch((cause: Error) => {
      throw new ExperimentError('FILE', `The checkpoint '${path}' cannot be read: ${cause.message}`, { cause });
    });
    try {
      return (await decodeCheckpoint(bytes)) as unknown as RunCheckpoint;
    } catch (error) {
      if (isOtherVersion(error)) throw otherVersion(path, error);
      const before = steps[i + 1];
      const next = before === undefined ? 'There is no older one.' : `Using the one of step ${before}.`;
      lock.check();
      // A renamed checkpoint no longer counts toward `keep`.
      await rename(path, `${path}.damaged`);
      yield { type: 'warning', message: `The checkpoint '${path}' cannot be used: ${reasonOf(error)} ${next}` };
    }
  }
  if (steps.length === 0) return undefined;
  throw new ExperimentError(
    'RUN_FOLDER',
    `Every checkpoint in '${folder}' is damaged. They are kept as *.damaged. Resume again to restart from the first step.`,
  );
}

/** Selects a checkpoint: the best one, the newest one, or the one of a step. */
export type WhichCheckpoint = 'best' | 'last' | number;

/**
 * Reads a checkpoint of a run.
 *
 * @throws ExperimentError `RUN_FOLDER` if the checkpoint does not exist or is damaged
 */
export async function readCheckpoint(folder: string, which: WhichCheckpoint): Promise<RunCheckpoint> {
  const steps = await stepsIn(folder);
  const [newest] = steps;
  if (newest === undefined) throw new ExperimentError('RUN_FOLDER', `There are no checkpoints in '${folder}'.`);
  const read = async (step: number): Promise<RunCheckpoint> => {
    const path = join(folder, nameOf(step));
    try {
      return (await decodeCheckpoint(await readFile(path))) as unknown as RunCheckpoint;
    } catch (cause) {
      if (isOtherVersion(cause)) throw otherVersion(path, cause);
      const message = `The checkpoint '${path}' cannot be used: ${reasonOf(cause)} The run has checkpoints of ${listed(steps)}.`;
      throw new ExperimentError('RUN_FOLDER', message, { cause });
    }
  };
  if (typeof which === 'number') {
    if (steps.includes(which)) return read(which);
    throw new ExperimentError(
      'RUN_FOLDER',
      `'${folder}' has no checkpoint of step ${which}. It has checkpoints of ${listed(steps)}.`,
    );
  }
  const last = await read(newest);
  if (which === 'last') return last;
  const { best } = last.info;
  if (best && best.step === last.state.step) return last;
  if (best) return read(best.step);
  throw new ExperimentError(
    'RUN_FOLDER',
    `This run has no best checkpoint: it has not been evaluated, or its recipe sets checkpoint.best to null. ` +
      `It has checkpoints of ${listed(steps)}.`,
  );
}

function isOtherVersion(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'UNSUPPORTED_VERSION';
}

function otherVersion(path: string, cause: unknown): ExperimentError {
  return new ExperimentError('RUN_FOLDER', `'${path}' cannot be used and was left unchanged: ${reasonOf(cause)}`, {
    cause,
  });
}

/** The message of an error without the name of the function that threw it. */
function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/^decodeCheckpoint: /, '');
}

function listed(steps: readonly number[]): string {
  return `${steps.length === 1 ? 'step' : 'steps'} ${[...steps].reverse().join(', ')}`;
}

/** Steps that have a checkpoint, newest first. */
async function stepsIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}
