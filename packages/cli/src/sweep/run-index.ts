import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { isRun, openRun } from '@taggerjs/experiment/node';
import { overrideRecipe, type Recipe } from '@taggerjs/recipes';

import { runResume } from '../actions/resume';
import { runTrain } from '../actions/train';
import type { CommandContext } from '../command-context';
import { CliError } from '../errors';
import { shown } from '../shown-path';
import { type OpenedSweep, requireSameSource } from './open-sweep';
import type { PlannedRun, SweepManifest } from './sweep-folder';

/** Options of {@link runIndex}. */
export interface IndexOptions {
  readonly threads?: number;
  /** Folder for TensorBoard; the run writes into a folder of its name there. */
  readonly tensorboard?: string;
  readonly json: boolean;
}

/**
 * Starts or resumes one run of a sweep, in this process. A finished run only prints its result. Several processes may run
 * different indexes at the same time.
 *
 * @param index position in the plan, from 0
 * @throws CliError `USAGE` if there is no such run, `RUN_FOLDER` if its folder contains another run, or the model that it starts
 *   from has changed
 */
export async function runIndex(
  { folder, manifest }: OpenedSweep,
  index: number,
  { threads, tensorboard, json }: IndexOptions,
  context: CommandContext,
): Promise<void> {
  const { runs, recipe, from, backend = 'wasm', precision } = manifest;
  const planned = runs[index];
  if (planned === undefined) {
    throw new CliError(
      'USAGE',
      `--index ${index}: '${shown(folder)}' has ${runs.length} runs. Give an index from 0 to ${runs.length - 1}.`,
    );
  }
  const run = join(folder, planned.name);
  const options = {
    ...(threads !== undefined && { threads }),
    ...(tensorboard !== undefined && { tensorboard: join(tensorboard, planned.name) }),
    ...{ backend, quiet: false, json },
  };
  if (await isRun(run)) {
    requirePlanned((await openRun(run)).config.recipe, manifest, planned, run);
    // A resumed run keeps its precision.
    return runResume({ run, ...options }, context);
  }
  if (from) await requireSameSource(from, folder, [planned]);
  return runTrain(
    {
      ...{ recipe, seed: planned.seed, set: planned.settings, out: run },
      ...(from && { from: from.path }),
      ...(precision !== undefined && { precision }),
      ...options,
    },
    context,
  );
}

/** @throws CliError `RUN_FOLDER` if a run does not have the recipe, the seed and the values of the plan */
function requirePlanned(recipe: Recipe, manifest: SweepManifest, { seed, settings }: PlannedRun, run: string): void {
  const isFile = /[./\\]/.test(manifest.recipe);
  const named = isFile || Object.hasOwn(settings, 'name') || recipe.name === manifest.recipe;
  if (named && hasValues(recipe, { ...settings, 'training.seed': String(seed) })) return;
  throw new CliError(
    'RUN_FOLDER',
    `'${shown(run)}' contains a run of another sweep: its recipe is not the one that the plan gives it. Move it elsewhere, or ` +
      'plan this sweep in another folder.',
  );
}

/** Whether a recipe has these values already. Recipes change between versions, so the other values do not count. */
function hasValues(recipe: Recipe, values: Readonly<Record<string, string>>): boolean {
  try {
    return isDeepStrictEqual(overrideRecipe(recipe, values), recipe);
  } catch {
    // It has no such path.
    return false;
  }
}
