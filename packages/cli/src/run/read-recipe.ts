import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { modelKind } from '@taggerjs/experiment';
import { isRun } from '@taggerjs/experiment/node';
import { getRecipe, overrideRecipe, parseRecipe, recipes, type Recipe } from '@taggerjs/recipes';

import { commandLine } from '../command-line/command-line';
import type { RecipeValues } from '../command-line/recipe-values';
import { CliError } from '../errors';

/** The recipe argument, and the short options for some recipe values. */
export interface RecipeArguments {
  /** Name of a recipe, or path of a JSON file. */
  readonly recipe: string;
  readonly data?: string;
  readonly steps?: number;
  readonly minutes?: number;
  readonly seed?: number;
}

/**
 * Reads a recipe and applies the values from the command line.
 *
 * @returns the recipe, and the base folder of its paths
 * @throws CliError `USAGE` if the file cannot be read, or a value is given twice or has no effect
 */
export async function readRecipe(
  { recipe: given, data, steps, minutes, seed }: RecipeArguments,
  overrides: RecipeValues,
): Promise<{ recipe: Recipe; folder: string }> {
  let recipe: Recipe;
  let folder = process.cwd();
  if (Object.hasOwn(recipes, given) || !/[./\\]/.test(given)) {
    recipe = getRecipe(given);
  } else {
    const path = resolve(given);
    folder = dirname(path);
    recipe = parseRecipe(await readJson(given, path));
  }
  const flags = {
    // Relative to the current folder, not to the recipe's.
    ...(data !== undefined && { data: { type: 'file', path: resolve(data) } }),
    ...(steps !== undefined && { 'training.steps': String(steps) }),
    ...(minutes !== undefined && { 'training.maxMinutes': String(minutes) }),
    ...(seed !== undefined && { 'training.seed': String(seed) }),
  };
  const [twice] = Object.keys(flags).filter((place) => Object.hasOwn(overrides, place));
  if (twice !== undefined) {
    throw new CliError(
      'USAGE',
      `'${twice}' is given twice: by its path in the recipe and by ${SHORT[twice]}. Keep one.`,
    );
  }
  const changed = overrideRecipe(recipe, { ...flags, ...overrides });
  refuseValuesOfTaggers(changed, Object.keys(overrides));
  return { recipe: changed, folder };
}

/** The short options, by the recipe path that they set. */
const SHORT: Readonly<Record<string, string>> = {
  data: '--data',
  'training.steps': '--steps',
  'training.maxMinutes': '--minutes',
  'training.seed': '--seed',
};

/** Values that have no effect on a classifier, which has no groups, no iterations and only one cost. */
const OF_TAGGERS = [
  'evaluation.iterations',
  'evaluation.groups',
  'evaluation.figureExamples',
  'training.classification.weight',
];

function refuseValuesOfTaggers(recipe: Recipe, places: readonly string[]): void {
  const [place] = places.filter((place) => OF_TAGGERS.includes(place));
  if (place === undefined || modelKind(recipe) === 'tagger') return;
  throw new CliError(
    'USAGE',
    `'${place}' has no effect on a classifier, which the recipe '${recipe.name}' describes. Leave it out.`,
  );
}

async function readJson(given: string, path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const names = `Run \`${commandLine(['recipes'])}\` for the named recipes.`;
    if ((await stat(path).catch(() => undefined))?.isDirectory() === true) {
      const advice = (await isRun(path))
        ? `It is a run. Resume it with \`${commandLine(['resume', given])}\`.`
        : `Give a recipe's JSON file. ${names}`;
      throw new CliError('USAGE', `'${given}' is a folder, not a recipe. ${advice}`, { cause });
    }
    throw new CliError(
      'USAGE',
      `The recipe file '${given}' cannot be read: ${cause instanceof Error ? cause.message : String(cause)}. ${names}`,
      { cause },
    );
  }
}
