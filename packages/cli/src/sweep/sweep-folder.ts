import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { isRun } from '@taggerjs/experiment/node';

import { CliError } from '../errors';
import type { BackendName, Precision } from '../run/backend';

/** The file that marks a folder as a sweep. */
export const MANIFEST = 'sweep.json';

/** A planned run of a sweep. */
export interface PlannedRun {
  /** Name of its folder in the sweep's folder. */
  readonly name: string;
  readonly seed: number;
  /** Values by recipe path, as on the command line. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The model that every run of a sweep starts from. */
export interface SweepSource {
  /** Absolute path of its run folder or model file. */
  readonly path: string;
  /** SHA-256 checksum of the model file, in hexadecimal. Runs that start later require the same file. */
  readonly sha256: string;
}

/** The contents of `sweep.json`. */
export interface SweepManifest {
  /** Version of the command that started the sweep. */
  readonly version: string;
  /** Name of the recipe, or path of its file. */
  readonly recipe: string;
  /** The model that the runs start from; absent if their weights are random. */
  readonly from?: SweepSource;
  /** The backend of all runs. @default 'wasm' */
  readonly backend?: BackendName;
  /** The precision of all runs. @default 'float32' */
  readonly precision?: Precision;
  readonly runs: readonly PlannedRun[];
}

/** Whether a folder is a sweep. */
export function isSweep(folder: string): Promise<boolean> {
  return stat(join(folder, MANIFEST)).then(
    () => true,
    () => false,
  );
}

/** @throws CliError `RUN_FOLDER` if the manifest cannot be read */
export async function readManifest(folder: string): Promise<SweepManifest> {
  const path = join(folder, MANIFEST);
  try {
    const manifest = JSON.parse(await readFile(path, 'utf8')) as SweepManifest;
    if (!Array.isArray(manifest.runs) || typeof manifest.recipe !== 'string') throw new Error('it lists no runs');
    return manifest;
  } catch (cause) {
    throw new CliError('RUN_FOLDER', `'${path}' cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** What to report about a run whose folder cannot be read, and what to do. */
export function damaged(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return `damaged: ${reason.replace(/\.$/, '')}. Restore its folder, or move it elsewhere to train the run again.`;
}

/** The folders of the runs of a sweep that have started, and the number of the others. */
export async function runsOfSweep(folder: string): Promise<{ started: string[]; notStarted: number }> {
  const { runs } = await readManifest(folder);
  const started: string[] = [];
  for (const { name } of runs) {
    const run = join(folder, name);
    if (await isRun(run)) started.push(run);
  }
  return { started, notStarted: runs.length - started.length };
}
