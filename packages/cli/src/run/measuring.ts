import type { ModelEvaluateOptions } from '@taggerjs/experiment';
import type { Run } from '@taggerjs/experiment/node';

/** The options of the command line; undefined if not given. */
export type MeasuringArguments = {
  readonly [Name in 'examples' | 'iterations' | 'groups' | 'statistics' | 'seed']?:
    ModelEvaluateOptions[Name] | undefined;
};

/** How to measure the model of a run: by the command line, else by the recipe; all examples, calibrated statistics. */
export function measuring(run: Run, given: MeasuringArguments): ModelEvaluateOptions {
  const { iterations, groups, batchSize } = run.config.recipe.evaluation;
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return { iterations, batchSize, ...(groups !== undefined && { groups }), ...Object.fromEntries(named) };
}
