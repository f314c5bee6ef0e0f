import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { parseRecipe, type Recipe } from '@taggerjs/recipes';
import { makeFolder, writeFileAtomic } from '@taggerjs/weights/node';

import { ExperimentError } from '../../errors';
import { lockFolder, type FolderLock } from '../lock/folder-lock';
import { version } from '../version';
import type { MetricsRecord } from './run';
import type { RunConfig } from './run-config';

/** The files of a run. */
const FILES = {
  config: 'config.json',
  metrics: 'metrics.jsonl',
  model: 'model.safetensors',
  pictures: 'pictures',
  checkpoints: 'checkpoints',
  finished: 'finished.json',
} as const;

/** The files of a run, with the functions that read them. */
export interface RunFolder {
  readonly path: string;
  readonly config: RunConfig;
  readonly modelFile: string;
  readonly metricsFile: string;
  readonly finishedFile: string;
  /** Folder of the checkpoints. */
  readonly checkpoints: string;
  finished(): Promise<boolean>;
  metrics(): Promise<MetricsRecord[]>;
  picture(name: string): string;
}

/** What {@link createRunFolder} records in addition to the recipe. */
export type RunOrigin = Pick<RunConfig, 'baseFolder' | 'environment' | 'from' | 'data'>;

/**
 * Creates the folder of a new run.
 *
 * @param recipe the recipe to train
 * @param path the folder; undefined for `runs/<recipe>-<date and time>` in the current one
 * @param origin further contents of `config.json`
 * @returns the run, locked against other processes
 * @throws ExperimentError `RUN_FOLDER` if the folder already contains a run or is in use; WeightsError or
 *   ExperimentError `FILE` if it cannot be created
 */
export async function createRunFolder(
  recipe: Recipe,
  path: string | undefined,
  origin: RunOrigin,
): Promise<{ readonly folder: RunFolder; readonly lock: FolderLock }> {
  const started = new Date();
  const stamp = started
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(':', '')
    .replace('T', '-');
  const folder = resolve(path ?? join('runs', `${recipe.name}-${stamp}`));
  const refuseRun = async () => {
    if (!(await isRun(folder))) return;
    throw new ExperimentError(
      'RUN_FOLDER',
      `'${folder}' already contains a run, and runs are never overwritten. Choose another folder, remove this one, or resume the run.`,
    );
  };
  await refuseRun();
  await makeFolder(folder);
  await makeFolder(join(folder, FILES.pictures));
  const config: RunConfig = { version: version(), started: started.toISOString(), ...origin, recipe };
  const lock = await lockFolder(folder);
  try {
    // Another process may have created it first.
    await refuseRun();
    await writeFileAtomic(join(folder, FILES.config), `${JSON.stringify(config, null, 2)}\n`, {
      beforeRename: () => lock.check(),
    });
  } catch (error) {
    lock.release();
    throw error;
  }
  return { folder: runFolder(folder, config), lock };
}

/** Whether a folder contains a run. */
export function isRun(path: string): Promise<boolean> {
  return exists(join(path, FILES.config));
}

/**
 * Opens the folder of a run.
 *
 * @throws ExperimentError `RUN_FOLDER` if the folder is not a run
 */
export async function openRunFolder(given: string): Promise<RunFolder> {
  const path = resolve(given);
  let text: string;
  try {
    text = await readFile(join(path, FILES.config), 'utf8');
  } catch (cause) {
    throw new ExperimentError(
      'RUN_FOLDER',
      `'${given}' is not a run: ${await whyNotRun(path, cause as Error)} Give the folder that the training created, such ` +
        'as runs/shapes-quick-...',
      { cause },
    );
  }
  try {
    const config = JSON.parse(text) as RunConfig;
    return runFolder(path, { ...config, recipe: parseRecipe(config.recipe) });
  } catch (cause) {
    throw new ExperimentError(
      'RUN_FOLDER',
      `'${join(path, FILES.config)}' cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

async function whyNotRun(path: string, cause: Error): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 'the folder does not exist.';
  if (!found.isDirectory()) return 'it is a file.';
  if (await exists(join(path, 'sweep.json'))) return 'it is a sweep, whose runs are the folders in it.';
  return (cause as NodeJS.ErrnoException).code === 'ENOENT'
    ? `it has no ${FILES.config}.`
    : `its ${FILES.config} cannot be read (${cause.message}).`;
}

function runFolder(path: string, config: RunConfig): RunFolder {
  const metrics = join(path, FILES.metrics);
  return {
    path,
    config,
    modelFile: join(path, FILES.model),
    metricsFile: metrics,
    finishedFile: join(path, FILES.finished),
    checkpoints: join(path, FILES.checkpoints),
    finished: () => exists(join(path, FILES.finished)),
    async metrics() {
      if (!(await exists(metrics))) return [];
      // The last element is empty, or half a line if the process was killed.
      const lines = (await readFile(metrics, 'utf8')).split('\n').slice(0, -1);
      return lines.map((line, i) => {
        try {
          return JSON.parse(line) as MetricsRecord;
        } catch (cause) {
          throw new ExperimentError('RUN_FOLDER', `'${metrics}' cannot be read: line ${i + 1} is not JSON.`, { cause });
        }
      });
    },
    picture: (name) => join(path, FILES.pictures, name),
  };
}

/** Whether a path exists. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
