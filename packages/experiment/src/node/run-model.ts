import { readFile } from 'node:fs/promises';

import { calibrateClassifier, createClassifier, saveClassifier, type Classifier } from '@taggerjs/classifier';
import { balancedSubset, type Dataset } from '@taggerjs/datasets';
import { resolveComponent, type ClassifierEnvironment, type ClassifierNetwork } from '@taggerjs/mapping';
import type { ClassificationRecipe, Recipe } from '@taggerjs/recipes';
import { calibrate, type Tagger } from '@taggerjs/tagger';
import { saveTaggerFile } from '@taggerjs/tagger/node';
import {
  assignWeights,
  evaluateClassifier,
  train,
  trainClassifier,
  type ClassifierEvaluation,
  type Evaluation,
  type LoopOptions,
  type TrainEvent,
  type TrainingState,
} from '@taggerjs/train';
import { writeFileAtomic } from '@taggerjs/weights/node';

import { ExperimentError } from '../errors';
import { loadClassifier, networks } from '../registries';
import { taggerOf } from './model';

/** What an evaluation of a run measures: of a classifier there are no iterations and no groups. */
export interface RunEvaluation extends Evaluation {
  /** Cross-entropy of the class probabilities with the labels, of a classifier. */
  readonly classificationCost?: number;
}

/** The data that a run trains on. */
export interface RunData {
  readonly dataset: Dataset;
  readonly validation: Dataset;
}

/** The model of a run, whichever it is, as far as training is concerned. */
export interface RunModel {
  /** Trains it by the recipe. */
  train(data: RunData, options: LoopOptions): AsyncIterable<TrainEvent<RunEvaluation>>;
  /** The Tagger, where it is one. */
  readonly tagger?: Tagger;
  /** The classifier, where it is one. */
  readonly classifier?: Classifier;
  /** Puts the weights of a moment of its training into it: the averaged ones where there are any. */
  restore(state: TrainingState): void;
  /** Saves it as one file. */
  save(path: string): Promise<void>;
  /** Measures the statistics of batch normalization. @returns whether there are any */
  calibrate(dataset: Dataset): Promise<boolean>;
  dispose(): void;
}

/**
 * The model of a recipe, with fresh parameters, and the examples whose labels it learns.
 *
 * @throws ExperimentError `INVALID_OPTION` where the data do not have as many labels as the recipe learns
 */
export async function runModelOf(recipe: Recipe, dataset: Dataset, folder: string): Promise<RunModel> {
  const { classification } = recipe.training;
  if (recipe.model.type === 'classifier') {
    const { classes } = recipe.model;
    const labelled = await labelledOf(dataset, classification as ClassificationRecipe, classes);
    return classifierModel(recipe, classifierOf(recipe, dataset), labelled);
  }
  const labelled = classification ? await labelledOf(dataset, classification, classesOf(recipe)) : undefined;
  return taggerModel(recipe, await taggerOf(recipe, dataset, folder), labelled);
}

/** Whether a recipe is one of a classifier. */
export function isClassifier({ model }: Recipe): boolean {
  return model.type === 'classifier';
}

/** The classifier of a recipe, with fresh parameters. */
function classifierOf({ model, training }: Recipe, { inputShape }: Dataset): Classifier {
  if (model.type !== 'classifier') throw new ExperimentError('INVALID_OPTION', 'The recipe is one of a Tagger.');
  const network = resolveComponent<ClassifierNetwork, ClassifierEnvironment>(
    model.network,
    { ...networks },
    { kind: 'classifier network' },
  );
  return createClassifier({ inputShape, classes: model.classes, network, seed: training.seed });
}

/** Loads the classifier that a run has saved. */
export async function loadClassifierFile(path: string): Promise<Classifier> {
  return loadClassifier(new Uint8Array(await readFile(path)));
}

/** Measures a classifier on data with labels, as evaluations of runs are. */
export async function evaluateRunClassifier(
  classifier: Classifier,
  dataset: Dataset,
  options: { readonly examples?: number; readonly batchSize: number; readonly statistics?: 'batch' | 'calibrated' },
): Promise<RunEvaluation> {
  return withoutIterations(await evaluateClassifier(classifier, dataset, options));
}

/** The examples whose labels a recipe looks at. */
async function labelledOf(dataset: Dataset, { labels, seed }: ClassificationRecipe, classes: number): Promise<Dataset> {
  if (labels === 'all') return dataset;
  if (labels > dataset.size) {
    throw new ExperimentError(
      'INVALID_OPTION',
      `The recipe learns ${labels} labels (training.classification.labels), but '${dataset.name}' has ${dataset.size} examples to ` +
        `train on. Give --training.classification.labels ${dataset.size} or less, or 'all'.`,
    );
  }
  try {
    return await balancedSubset(dataset, { count: labels, classes, seed });
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'DatasetError') throw error;
    throw new ExperimentError('INVALID_OPTION', `${message} Labels are those of training.classification.labels.`, {
      cause: error,
    });
  }
}

function classifierModel(recipe: Recipe, classifier: Classifier, labelled: Dataset): RunModel {
  const { training, evaluation } = recipe;
  const classification = training.classification as ClassificationRecipe;
  return {
    classifier,
    async *train({ dataset, validation }, options) {
      const { everySteps, everySeconds, examples, batchSize, statistics } = evaluation;
      const events = trainClassifier({
        classifier,
        dataset,
        labelled,
        validation,
        ...options,
        ...(classification.batchSize !== undefined && { labelledBatchSize: classification.batchSize }),
        evaluation: {
          examples,
          batchSize,
          statistics,
          ...(everySteps !== undefined && { everySteps }),
          ...(everySeconds !== undefined && { everySeconds }),
        },
      });
      for await (const event of events) {
        yield event.type === 'evaluation' ? { ...event, evaluation: withoutIterations(event.evaluation) } : event;
      }
    },
    restore: (state) => assignWeights(classifier, state),
    async save(path) {
      await writeFileAtomic(path, await saveClassifier(classifier, { metadata: { recipe: recipe.name } }));
    },
    async calibrate(dataset) {
      const batchSize = Math.min(1000, dataset.size);
      await calibrateClassifier(classifier, dataset.batches({ batchSize, epochs: 1, partial: true }));
      return Object.keys(classifier.state()).length > 0;
    },
    dispose: () => classifier.dispose(),
  };
}

function withoutIterations(scores: ClassifierEvaluation): RunEvaluation {
  return { ...scores, iterations: [], figure: [] };
}

function taggerModel(recipe: Recipe, tagger: Tagger, labelled: Dataset | undefined): RunModel {
  const { training, evaluation } = recipe;
  const { classification } = training;
  return {
    tagger,
    async *train({ dataset, validation }, options) {
      yield* train({
        tagger,
        dataset,
        validation,
        ...options,
        ...(classification &&
          labelled && {
            classification: {
              labelled,
              weight: classification.weight,
              ...(classification.batchSize !== undefined && { batchSize: classification.batchSize }),
            },
          }),
        evaluation: { ...evaluation, seed: training.seed },
      });
    },
    restore: (state) => assignWeights(tagger, state),
    save: (path) => saveTaggerFile(tagger, path, { metadata: { recipe: recipe.name } }),
    async calibrate(dataset) {
      await calibrate(tagger, dataset.batches({ batchSize: training.batchSize, epochs: 1 }), {
        iterations: evaluation.iterations,
        ...(evaluation.groups !== undefined && { groups: evaluation.groups }),
        seed: training.seed,
      });
      return Object.keys(tagger.state()).length > 0;
    },
    dispose: () => tagger.dispose(),
  };
}

/** The classes that the mapping of a Tagger's recipe tells apart. */
function classesOf({ model }: Recipe): number {
  const mapping = model.type === 'classifier' ? undefined : model.core['mapping'];
  const classes = (mapping as { classes?: unknown } | undefined)?.classes;
  if (typeof classes === 'number') return classes;
  throw new ExperimentError(
    'INVALID_OPTION',
    'The recipe learns labels (training.classification), but its mapping tells no classes apart: give it ' +
      'model.core.mapping.classes, or leave the labels out with training.classification null.',
  );
}
