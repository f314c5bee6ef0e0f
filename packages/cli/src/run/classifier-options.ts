import { modelKind } from '@taggerjs/experiment';
import type { Recipe } from '@taggerjs/recipes';

import { CliError } from '../errors';

/**
 * Refuses options that would have no effect on a classifier.
 *
 * @param given the run or model, as the user typed it
 * @param options by name; undefined if not given
 * @throws CliError `USAGE`
 */
export function refuseForClassifier(given: string, options: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(options).filter((name) => options[name] !== undefined);
  if (names.length === 0) return;
  throw new CliError(
    'USAGE',
    `'${given}' is a classifier: it has no groups and no iterations, and its scores do not depend on chance. Leave out ` +
      `${names.map((name) => `--${name}`).join(' and ')}.`,
  );
}

/** Calls {@link refuseForClassifier} if a recipe's model is a classifier. */
export function refuseIfClassifier(given: string, recipe: Recipe, options: Readonly<Record<string, unknown>>): void {
  if (modelKind(recipe) === 'classifier') refuseForClassifier(given, options);
}

/**
 * Refuses a recipe whose model cannot start from another model's weights.
 *
 * @throws CliError `USAGE` if its model is a classifier
 */
export function requireTagger(recipe: Recipe): void {
  if (modelKind(recipe) === 'tagger') return;
  throw new CliError('USAGE', `--from needs a recipe of a Tagger, and '${recipe.name}' describes a classifier.`);
}
