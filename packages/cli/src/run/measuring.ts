import type { ModelEvaluateOptions } from '@taggerjs/experiment';
import type { Recipe } from '@taggerjs/recipes';

/** The options of the command line; undefined if not given. */
export type MeasuringArguments = {
  readonly [Name in 'examples' | 'iterations' | 'groups' | 'statistics' | 'seed']?:
    ModelEvaluateOptions[Name] | undefined;
};

/** Evaluation options of a model: from the command line, otherwise from the recipe, with all examples and calibrated statistics. */
export function measuring(recipe: Recipe, given: MeasuringArguments): ModelEvaluateOptions {
  const { iterations, groups, batchSize } = recipe.evaluation;
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return { iterations, batchSize, ...(groups !== undefined && { groups }), ...Object.fromEntries(named) };
}
