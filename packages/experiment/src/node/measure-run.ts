import type { Classifier } from '@taggerjs/classifier';
import type { Dataset, Split } from '@taggerjs/datasets';
import { evaluate, type EvaluateOptions, type GroupedExample } from '@taggerjs/train';

import type { WhichCheckpoint } from './checkpoint-folder';
import { checkpointModel } from './checkpoint-model';
import { datasetOf } from './data';
import { loadRun, noModelYet } from './load-run';
import { exists, openRunFolder, type RunFolder } from './run-folder';
import { evaluateRunClassifier, isClassifier, loadClassifierFile, type RunEvaluation } from './run-model';

/** How to measure a run's model; what is not given is as the run's recipe evaluates. */
export interface MeasureOptions extends Omit<EvaluateOptions, 'statistics'> {
  readonly statistics?: 'batch' | 'calibrated';
  readonly split: Split;
  /** The model of a checkpoint. @default that at the end of training */
  readonly checkpoint?: WhichCheckpoint | undefined;
  /** Measures these examples of the split in the place of all. */
  readonly choose?: (dataset: Dataset) => Dataset;
  /** Which examples to return the groups of, by what was measured: their places in the data. @default none */
  readonly pick?: (evaluation: RunEvaluation) => readonly number[];
}

/** An example and its place in the data. */
export interface PlacedExample {
  readonly index: number;
  readonly example: GroupedExample;
}

/** A run and what was measured. */
export interface MeasuredRun {
  readonly run: RunFolder;
  /** The data measured on. */
  readonly dataset: Dataset;
  readonly evaluation: RunEvaluation;
  /** The examples that `pick` chose, in its order, as they were measured. */
  readonly picked: readonly PlacedExample[];
}

/**
 * Measures the model of a run, a Tagger or a classifier.
 *
 * @throws ExperimentError `RUN_FOLDER` where the folder is no run, or training has not saved a model yet
 */
export async function measureRun(
  given: string,
  { split, checkpoint, choose, pick, ...options }: MeasureOptions,
): Promise<MeasuredRun> {
  const opened = await openRunFolder(given);
  const { recipe, baseFolder } = opened.config;
  const { batchSize } = recipe.evaluation;
  if (isClassifier(recipe)) {
    const classifier = await loadRunClassifier(opened, given, checkpoint);
    const whole = await datasetOf(recipe, split, baseFolder);
    const dataset = choose ? choose(whole) : whole;
    const { examples, statistics } = options;
    const evaluation = await evaluateRunClassifier(classifier, dataset, {
      batchSize,
      ...(examples !== undefined && { examples }),
      ...(statistics !== undefined && { statistics }),
    });
    classifier.dispose();
    return { run: opened, dataset, evaluation, picked: [] };
  }
  const { run, tagger } = await loadRun(given, checkpoint);
  const groups = options.groups ?? recipe.evaluation.groups;
  const whole = await datasetOf(recipe, split, baseFolder);
  const dataset = choose ? choose(whole) : whole;
  const how = {
    ...options,
    iterations: options.iterations ?? recipe.evaluation.iterations,
    batchSize,
    ...(groups !== undefined && { groups }),
  };
  const evaluation = await evaluate(tagger, dataset, how);
  // Grouped once more, for all of them would take much memory.
  const picked: PlacedExample[] = [];
  for (const index of pick?.(evaluation) ?? []) {
    const { figure } = await evaluate(tagger, dataset, { ...how, first: index, examples: 1, figureExamples: 1 });
    picked.push({ index, example: figure[0]! });
  }
  tagger.dispose();
  return { run, dataset, evaluation, picked };
}

/**
 * Loads the classifier of a run: that at the end of training, or that of a checkpoint.
 *
 * @throws ExperimentError `RUN_FOLDER` where training has not saved a model yet, or there is no such checkpoint
 */
export async function loadRunClassifier(
  run: RunFolder,
  given: string,
  checkpoint?: WhichCheckpoint,
): Promise<Classifier> {
  if (checkpoint !== undefined) {
    const { classifier } = await checkpointModel(run, checkpoint);
    if (classifier) return classifier;
  }
  if (!(await exists(run.model))) throw noModelYet(given);
  return loadClassifierFile(run.model);
}
