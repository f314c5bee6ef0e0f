import { rmdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { type FolderLock, isRun, lockFolder, modelChecksum, unseenHolder } from '@taggerjs/experiment/node';
import { makeFolder, writeFileAtomic } from '@taggerjs/weights/node';

import { commandLine } from '../command-line/command-line';
import type { RecipeValues } from '../command-line/recipe-values';
import { CliError } from '../errors';
import { type BackendName, type Precision, setUpBackend } from '../run/backend';
import { requireTagger } from '../run/classifier-options';
import { readRecipe } from '../run/read-recipe';
import { modelPath } from '../run/trained-model';
import { shown } from '../shown-path';
import type { Output } from '../terminal/output';
import { VERSION } from '../version';
import { parseSeeds, planRuns } from './plan';
import { isSweep, MANIFEST, type PlannedRun, readManifest, type SweepManifest, type SweepSource } from './sweep-folder';

/** The options that decide which runs a sweep has. */
export interface PlanOptions {
  /** Name of a recipe, a JSON file, or the folder of a sweep. */
  readonly recipe: string;
  readonly seeds?: string;
  readonly data?: string;
  readonly from?: string;
  readonly steps?: number;
  readonly minutes?: number;
  readonly set: RecipeValues;
  readonly out?: string;
  readonly backend?: BackendName;
  readonly precision?: Precision;
}

/** A sweep, and whether its folder exists already. */
export interface OpenedSweep {
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly manifest: SweepManifest;
  /** Whether `sweep.json` has been written before. */
  readonly begun: boolean;
}

/**
 * Plans a sweep, or opens an existing one to continue. Writes nothing.
 *
 * @throws CliError `RUN_FOLDER` if the folder contains a different sweep, or the model that its runs start from has
 *   changed; `USAGE` if the recipe or a value is invalid
 */
export async function openSweep(options: PlanOptions): Promise<OpenedSweep> {
  if (await isSweep(options.recipe)) {
    const sweep = await continueSweep(options);
    if (sweep.manifest.from) await requireSameSource(sweep.manifest.from, sweep.folder, sweep.manifest.runs);
    return sweep;
  }

  const { recipe, seeds, out, from } = options;
  const runs = planRuns(parseSeeds(seeds ?? '0..4'), withShortOptions(options));
  // Check all runs before the first one starts.
  let name = '';
  for (const { settings, seed } of runs) {
    const { recipe: planned } = await readRecipe({ recipe, seed }, settings);
    if (from !== undefined) requireTagger(planned);
    ({ name } = planned);
  }
  const source = from === undefined ? undefined : await sourceOf(modelPath(from));
  const folder = resolve(out ?? join('sweeps', name));
  const isFile = /[./\\]/.test(recipe);
  const manifest: SweepManifest = {
    version: VERSION,
    recipe: isFile ? resolve(recipe) : recipe,
    ...(source && { from: source }),
    backend: options.backend ?? 'wasm',
    ...(options.precision !== undefined && { precision: options.precision }),
    runs,
  };
  if (!(await isSweep(folder))) return { folder, manifest, begun: false };
  const before = await readManifest(folder);
  const planOf = ({ recipe, from, backend = 'wasm', precision = 'float32', runs }: SweepManifest) =>
    JSON.stringify([recipe, from, backend, precision, runs]);
  if (planOf(before) === planOf(manifest)) return { folder, manifest: before, begun: true };
  throw new CliError(
    'RUN_FOLDER',
    `'${shown(folder)}' contains a sweep with other runs. Choose another folder with --out, or continue that one: \`` +
      `${commandLine(['sweep', shown(folder)])}\`.`,
  );
}

/**
 * Opens the sweep in a folder to continue it.
 *
 * @throws CliError `USAGE` if options would change its runs, or the folder is not a sweep
 */
export async function continueSweep(options: PlanOptions): Promise<OpenedSweep> {
  const { recipe: given, seeds, data, from, steps, minutes, out } = options;
  if (!(await isSweep(given))) {
    throw new CliError(
      'USAGE',
      `'${given}' is not the folder of a sweep: it has no ${MANIFEST}. Plan the sweep first: \`` +
        `${commandLine(['sweep', 'RECIPE', '--dry-run'])}\`.`,
    );
  }
  const planned = Object.entries({ seeds, data, from, steps, minutes, out }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`],
  );
  const [option] = [...planned, ...Object.keys(options.set)];
  if (option !== undefined) {
    throw new CliError(
      'USAGE',
      `'${given}' is an existing sweep, whose runs are fixed. Leave out ${option}, or start a new sweep from a recipe.`,
    );
  }
  const folder = resolve(given);
  const manifest = await readManifest(folder);
  const { backend = 'wasm', precision = 'float32' } = manifest;
  for (const [name, value, wanted] of [
    ['--backend', backend, options.backend],
    ['--precision', precision, options.precision],
  ] as const) {
    if (wanted === undefined || wanted === value) continue;
    throw new CliError(
      'USAGE',
      `'${given}' is an existing sweep with ${name} ${value}, which makes its runs comparable. Leave out ` +
        `${name} ${wanted}, or start a new sweep from a recipe.`,
    );
  }
  return { folder, manifest, begun: true };
}

/**
 * Locks a sweep, so that no other process starts or submits its runs. Says so if it has to wait.
 *
 * @throws ExperimentError `RUN_FOLDER` if another process has it, `FILE` if its folder cannot be written
 */
export async function lockSweep(folder: string, output: Output): Promise<FolderLock> {
  const unseen = await unseenHolder(folder);
  if (unseen !== undefined) output.note(`'${shown(folder)}': ${unseen}`);
  await makeFolder(folder);
  return lockFolder(folder);
}

/**
 * Writes the plan of a new sweep into its folder. Does nothing for an existing one.
 *
 * @throws CliError `RUN_FOLDER` if another process has written a plan in the meantime
 */
export async function writePlan({ folder, manifest, begun }: OpenedSweep): Promise<void> {
  if (begun) return;
  if (await isSweep(folder)) {
    throw new CliError('RUN_FOLDER', `Another process has just planned a sweep in '${shown(folder)}'. Run this again.`);
  }
  await makeFolder(folder);
  try {
    await writeFileAtomic(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  } catch (error) {
    await rmdir(folder).catch(() => undefined);
    throw error;
  }
}

/** Removes the plan of a new sweep that could not be started, and its folder if nothing else is in it. */
export async function removePlan({ folder, begun }: OpenedSweep): Promise<void> {
  if (begun) return;
  await rm(join(folder, MANIFEST), { force: true });
  await rmdir(folder).catch(() => undefined);
}

/** Recipe values from the command line, including the short options. */
function withShortOptions({ data, steps, minutes, set }: PlanOptions): Record<string, string> {
  const values: Record<string, string> = {
    ...(data !== undefined && { data: JSON.stringify({ type: 'file', path: resolve(data) }) }),
    ...(steps !== undefined && { 'training.steps': String(steps) }),
    ...(minutes !== undefined && { 'training.maxMinutes': String(minutes) }),
  };
  const [twice] = Object.keys(values).filter((place) => Object.hasOwn(set, place));
  if (twice !== undefined)
    throw new CliError('USAGE', `'${twice}' is given twice: with --set and by its short option.`);
  if (Object.hasOwn(set, 'training.seed')) {
    throw new CliError(
      'USAGE',
      'Set the seeds of a sweep with --seeds, such as --seeds 0,3,7, not with training.seed.',
    );
  }
  return { ...values, ...set };
}

async function sourceOf(from: string): Promise<SweepSource> {
  // This only checks that it is a model; each training checks that it fits.
  await setUpBackend({ backend: 'cpu' });
  return { path: resolve(from), sha256: await modelChecksum(from) };
}

/**
 * Checks that runs can still start from the same model.
 *
 * @throws CliError `RUN_FOLDER` if one of the runs has not started, but the model has changed
 */
export async function requireSameSource(
  { path, sha256 }: SweepSource,
  folder: string,
  runs: readonly PlannedRun[],
): Promise<void> {
  const begun = await Promise.all(runs.map(({ name }) => isRun(join(folder, name))));
  if (begun.every(Boolean)) return;
  const now = await sourceOf(path).catch(() => undefined);
  if (now?.sha256 === sha256) return;
  throw new CliError(
    'RUN_FOLDER',
    `The runs of '${shown(folder)}' start from '${path}', which ${now ? 'has changed' : 'is gone'}, and some have not ` +
      'started yet. Restore it, or start another sweep.',
  );
}
