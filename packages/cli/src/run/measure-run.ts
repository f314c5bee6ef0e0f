import type { Dataset, Split } from '@taggerjs/datasets';
import { evaluate, type EvaluateOptions } from '@taggerjs/train';

import { CliError } from '../errors';
import { datasetOf } from './data';
import { loadRun } from './load-run';
import { exists, openRunFolder, type RunFolder } from './run-folder';
import { evaluateRunClassifier, isClassifier, loadClassifierFile, type RunEvaluation } from './run-model';

/** How to measure a run's model; what is not given is as the run's recipe evaluates. */
export interface MeasureOptions extends Omit<EvaluateOptions, 'statistics'> {
  readonly statistics?: 'batch' | 'calibrated';
  readonly split: Split;
  /** Measures these examples of the split in the place of all. */
  readonly choose?: (dataset: Dataset) => Dataset;
}

/** A run and what was measured. */
export interface MeasuredRun {
  readonly run: RunFolder;
  /** The data measured on. */
  readonly dataset: Dataset;
  readonly evaluation: RunEvaluation;
}

/**
 * Measures the model of a run, a Tagger or a classifier.
 *
 * @throws CliError `RUN_FOLDER` where the folder is no run, or training has not saved a model yet
 */
export async function measureRun(given: string, { split, choose, ...options }: MeasureOptions): Promise<MeasuredRun> {
  const opened = await openRunFolder(given);
  const { recipe, baseFolder } = opened.config;
  const { batchSize } = recipe.evaluation;
  if (isClassifier(recipe)) {
    if (!(await exists(opened.model))) {
      throw new CliError('RUN_FOLDER', `'${given}' has no model yet: its training did not end.`);
    }
    const classifier = await loadClassifierFile(opened.model);
    const whole = await datasetOf(recipe, split, baseFolder);
    const dataset = choose ? choose(whole) : whole;
    const { examples, statistics } = options;
    const evaluation = await evaluateRunClassifier(classifier, dataset, {
      batchSize,
      ...(examples !== undefined && { examples }),
      ...(statistics !== undefined && { statistics }),
    });
    classifier.dispose();
    return { run: opened, dataset, evaluation };
  }
  const { run, tagger } = await loadRun(given);
  const groups = options.groups ?? recipe.evaluation.groups;
  const whole = await datasetOf(recipe, split, baseFolder);
  const dataset = choose ? choose(whole) : whole;
  const evaluation = await evaluate(tagger, dataset, {
    ...options,
    iterations: options.iterations ?? recipe.evaluation.iterations,
    batchSize,
    ...(groups !== undefined && { groups }),
  });
  tagger.dispose();
  return { run, dataset, evaluation };
}
