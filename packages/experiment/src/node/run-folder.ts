import { appendFile, open, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { parseRecipe, type Recipe } from '@taggerjs/recipes';
import { makeFolder, TEMPORARY_SUFFIX, writeFileAtomic } from '@taggerjs/weights/node';

import { ExperimentError } from '../errors';
import { VERSION } from './version';
import { lockRun, type RunLock } from './run-lock';
import type { RunConfig } from './run-config';

/** The files of a run, and the one that tells a folder of several runs. */
export const FILES = {
  config: 'config.json',
  metrics: 'metrics.jsonl',
  model: 'model.safetensors',
  pictures: 'pictures',
  checkpoints: 'checkpoints',
  finished: 'finished.json',
  sweep: 'sweep.json',
} as const;

/** A run's folder: configuration, metrics, model and pictures. */
export interface RunFolder {
  readonly path: string;
  readonly config: RunConfig;
  /** Path of the model file. */
  readonly model: string;
  /** Adds a record to the metrics, one line of JSON. */
  record(metrics: Readonly<Record<string, unknown>>): Promise<void>;
  /** Number of records written, of those that were kept where the run was resumed. */
  readonly records: number;
  /** Flushes the metrics: what a checkpoint counts on must not be lost after it. */
  flushMetrics(): Promise<void>;
  /** Drops all records but the first `count`, and whatever was left unfinished. @returns how many there are */
  keepMetrics(count: number): Promise<number>;
  /** Folder of the checkpoints. */
  readonly checkpoints: string;
  /** Notes that the run is done. */
  finish(result: Readonly<Record<string, unknown>>): Promise<void>;
  /** Whether the run is done. */
  finished(): Promise<boolean>;
  /** Removes what a killed process left half written. Only under the run's lock. */
  clean(): Promise<void>;
  /** All records so far. */
  metrics(): Promise<Readonly<Record<string, unknown>>[]>;
  /** Path of a picture, without its ending. */
  picture(name: string): string;
}

/**
 * Makes the folder of a new run.
 *
 * @param out the folder; by default `runs/<recipe>-<date and time>` under the current one
 * @returns the run, locked against other processes
 * @throws ExperimentError `RUN_FOLDER` where it holds a run already or another process uses it, `FILE` where it cannot be made
 */
export async function createRunFolder(
  recipe: Recipe,
  options: { readonly out?: string } & Pick<RunConfig, 'baseFolder' | 'environment' | 'from' | 'data'>,
): Promise<{ readonly run: RunFolder; readonly lock: RunLock }> {
  const started = new Date();
  const stamp = started
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(':', '')
    .replace('T', '-');
  const path = resolve(options.out ?? join('runs', `${recipe.name}-${stamp}`));
  const refuseRun = async () => {
    if (!(await exists(join(path, FILES.config)))) return;
    throw new ExperimentError(
      'RUN_FOLDER',
      `'${path}' holds a run already, and nothing of it is overwritten. Give another folder with --out, remove it, or ` +
        'go on with it by `tagger resume`.',
    );
  };
  await refuseRun();
  await makeFolder(path);
  await makeFolder(join(path, FILES.pictures));
  const config: RunConfig = {
    version: VERSION,
    started: started.toISOString(),
    environment: options.environment,
    baseFolder: options.baseFolder,
    ...(options.from && { from: options.from }),
    ...(options.data && { data: options.data }),
    recipe,
  };
  const lock = await lockRun(path);
  try {
    // Another process may have been faster.
    await refuseRun();
    await writeFileAtomic(join(path, FILES.config), `${JSON.stringify(config, null, 2)}\n`);
  } catch (error) {
    lock.release();
    throw error;
  }
  return { run: runFolder(path, config), lock };
}

/**
 * Opens the folder of a run.
 *
 * @throws ExperimentError `RUN_FOLDER` where it is none
 */
export async function openRunFolder(given: string): Promise<RunFolder> {
  const path = resolve(given);
  let text: string;
  try {
    text = await readFile(join(path, FILES.config), 'utf8');
  } catch (cause) {
    throw new ExperimentError(
      'RUN_FOLDER',
      `'${given}' is no run: ${await whyNoRun(path, cause as Error)} Give the folder that \`tagger train\` named, such as ` +
        'runs/shapes-quick-...',
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

async function whyNoRun(path: string, cause: Error): Promise<string> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) return 'there is no such folder.';
  if (!there.isDirectory()) return 'it is a file.';
  if (await exists(join(path, FILES.sweep))) return 'it is a sweep, whose runs are the folders in it.';
  return (cause as NodeJS.ErrnoException).code === 'ENOENT'
    ? `it has no ${FILES.config}.`
    : `its ${FILES.config} cannot be read (${cause.message}).`;
}

function runFolder(path: string, config: RunConfig): RunFolder {
  const metrics = join(path, FILES.metrics);
  let records = 0;
  return {
    path,
    config,
    model: join(path, FILES.model),
    checkpoints: join(path, FILES.checkpoints),
    get records() {
      return records;
    },
    async record(values) {
      await appendFile(metrics, `${JSON.stringify(values)}\n`).catch(cannotWrite(metrics));
      records += 1;
    },
    async flushMetrics() {
      if (records === 0) return;
      const file = await open(metrics, 'r+').catch(cannotWrite(metrics));
      try {
        await file.sync();
      } catch (cause) {
        cannotWrite(metrics)(cause as Error);
      } finally {
        await file.close();
      }
    },
    async keepMetrics(count) {
      records = 0;
      if (!(await exists(metrics))) return records;
      const bytes = await readFile(metrics);
      let end = 0;
      for (let next; records < count && (next = bytes.indexOf(0x0a, end)) >= 0; records++) end = next + 1;
      if (end < bytes.length) await truncate(metrics, end).catch(cannotWrite(metrics));
      return records;
    },
    finish: (result) => writeFileAtomic(join(path, FILES.finished), `${JSON.stringify(result, null, 2)}\n`),
    finished: () => exists(join(path, FILES.finished)),
    async clean() {
      for (const folder of [path, join(path, FILES.checkpoints), join(path, FILES.pictures)]) {
        for (const name of await readdir(folder).catch(() => [])) {
          if (name.endsWith(TEMPORARY_SUFFIX)) await rm(join(folder, name), { force: true });
        }
      }
    },
    async metrics() {
      if (!(await exists(metrics))) return [];
      const lines = (await readFile(metrics, 'utf8')).split('\n');
      // A run that was cut off may have half a line at its end.
      const whole = lines.slice(0, -1);
      return whole.map((line, i) => {
        try {
          return JSON.parse(line) as Record<string, unknown>;
        } catch (cause) {
          throw new ExperimentError('RUN_FOLDER', `'${metrics}' cannot be read: line ${i + 1} is no JSON.`, { cause });
        }
      });
    },
    picture: (name) => join(path, FILES.pictures, name),
  };
}

function cannotWrite(path: string) {
  return (cause: Error): never => {
    throw new ExperimentError('FILE', `'${path}' cannot be written: ${cause.message}`, { cause });
  };
}

/** Whether there is a file or folder at a path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
