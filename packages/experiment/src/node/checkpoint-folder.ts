import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { decodeCheckpoint, encodeCheckpoint, type Checkpoint, type TrainingState } from '@taggerjs/train';
import { makeFolder, writeFileAtomic } from '@taggerjs/weights/node';

import { ExperimentError } from '../errors';
import type { BackendDescription } from './run-config';

/** The best evaluation so far. */
export interface BestEvaluation {
  /** What it is best in. */
  readonly metric: 'cost' | 'ami' | 'error';
  readonly step: number;
  readonly value: number;
}

/** What the command keeps in a checkpoint beside the training's state. */
export interface RunInfo {
  /** Version of the command. */
  readonly version: string;
  /** The recipe of the run. */
  readonly recipe: unknown;
  /** What computed it. */
  readonly backend: BackendDescription;
  /** Records of metrics.jsonl up to this moment. */
  readonly records: number;
  /** The best evaluation so far, where one is looked for. */
  readonly best: BestEvaluation | null;
}

/** A checkpoint of a run. */
export interface RunCheckpoint {
  readonly state: TrainingState;
  readonly info: RunInfo;
}

const nameOf = (step: number) => `step-${String(step).padStart(9, '0')}.safetensors`;
const NAME = /^step-(\d+)\.safetensors$/;

/**
 * Saves a checkpoint under its step, whole or not at all; then removes those that are no longer wanted: all but the newest
 * `keep`, and the one of the best evaluation.
 *
 * @throws ExperimentError `FILE` where it cannot be written; those before it are then untouched
 */
export async function saveCheckpoint(folder: string, checkpoint: RunCheckpoint, keep: number): Promise<void> {
  const { step } = checkpoint.state;
  await makeFolder(folder);
  const bytes = await encodeCheckpoint(checkpoint as unknown as Checkpoint);
  await writeFileAtomic(join(folder, nameOf(step)), bytes);
  const steps = await stepsIn(folder);
  for (const old of steps.slice(keep)) {
    if (old !== checkpoint.info.best?.step) await rm(join(folder, nameOf(old)), { force: true });
  }
}

/**
 * The newest checkpoint that is whole. Damaged ones are reported and put aside, as `*.damaged`.
 *
 * @returns undefined where there is none yet
 * @throws ExperimentError `RUN_FOLDER` where there are some, but none is whole, or the newest is of another version of the format,
 *   which then stays as it is; `FILE` where one cannot be read, which stays, too
 */
export async function latestCheckpoint(
  folder: string,
  warn: (message: string) => void,
): Promise<RunCheckpoint | undefined> {
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
      const next = before === undefined ? 'There is none before it.' : `Taking that of step ${before}.`;
      warn(`The checkpoint '${path}' cannot be used: ${reasonOf(error)} ${next}`);
      // Out of the way, or it would count among those to keep.
      await rename(path, `${path}.damaged`);
    }
  }
  if (steps.length === 0) return undefined;
  throw new ExperimentError(
    'RUN_FOLDER',
    `None of the checkpoints in '${folder}' is whole; they are kept as *.damaged. To begin this run anew, call resume once ` +
      'more.',
  );
}

/** Which checkpoint: that of the best evaluation, the newest, or that of a step. */
export type WhichCheckpoint = 'best' | 'last' | number;

/**
 * A checkpoint of a run, by name.
 *
 * @throws ExperimentError `RUN_FOLDER` where there is no such checkpoint, or it is damaged
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
      const message = `The checkpoint '${path}' cannot be used: ${reasonOf(cause)} There are those of ${listed(steps)}.`;
      throw new ExperimentError('RUN_FOLDER', message, { cause });
    }
  };
  if (typeof which === 'number') {
    if (steps.includes(which)) return read(which);
    throw new ExperimentError(
      'RUN_FOLDER',
      `There is no checkpoint of step ${which} in '${folder}'; there are those of ${listed(steps)}.`,
    );
  }
  const last = await read(newest);
  if (which === 'last') return last;
  const { best } = last.info;
  if (best && best.step === last.state.step) return last;
  if (best) return read(best.step);
  throw new ExperimentError(
    'RUN_FOLDER',
    `No evaluation of this run has counted as its best: its recipe says checkpoint.best null, or it has come to none yet. ` +
      `There are the checkpoints of ${listed(steps)}: --checkpoint ${newest}.`,
  );
}

function isOtherVersion(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'UNSUPPORTED_VERSION';
}

function otherVersion(path: string, cause: unknown): ExperimentError {
  return new ExperimentError('RUN_FOLDER', `'${path}' cannot be used, and is left as it is: ${reasonOf(cause)}`, {
    cause,
  });
}

/** What the library says, without the name of its function. */
function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/^decodeCheckpoint: /, '');
}

function listed(steps: readonly number[]): string {
  return `${steps.length === 1 ? 'step' : 'steps'} ${[...steps].reverse().join(', ')}`;
}

/** The steps of which there are checkpoints, newest first. */
async function stepsIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number).sort((a, b) => b - a); // prettier-ignore
}
