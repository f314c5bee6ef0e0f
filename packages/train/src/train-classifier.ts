import { calibrateClassifier, type Classifier } from '@taggerjs/classifier';
import type { Batch, Dataset } from '@taggerjs/datasets';
import { checkOptionNames } from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { checkBatchSize, checkInputSize } from './check-data';
import {
  evaluateClassifier,
  EVALUATE_CLASSIFIER_OPTIONS,
  type ClassifierEvaluation,
  type EvaluateClassifierOptions,
} from './evaluation/evaluate-classifier';
import type { TrainEvent } from './loop/events';
import { gradientsOf } from './optimizer/gradients';
import { labeledBatchSize, pairedBatches, targetsOf, type PairedBatch } from './loop/labeled-batches';
import { findNonFiniteInput, NOTHING_FOUND, nonFiniteIn, problemOf, type NonFinite } from './loop/non-finite';
import { LOOP_OPTIONS, type EvaluationTimes, type LoopOptions } from './loop/loop-options';
import type { StepCosts } from './loop/step-gradients';
import { trainingLoop } from './loop/training-loop';

/** Options of {@link trainClassifier}. */
export interface TrainClassifierOptions extends LoopOptions {
  /** The classifier; its parameters are trained in place. */
  readonly classifier: Classifier;
  /** Examples to learn classes from. */
  readonly labeled: Dataset;
  /**
   * Examples to learn from without their labels, in batches of `batchSize`; may include the labeled ones. An epoch is one
   * pass over them.
   */
  readonly dataset: Dataset;
  /** Labeled examples per batch. @default `batchSize`, at most all labeled examples */
  readonly labeledBatchSize?: number;
  /** Labeled data to evaluate on. @default no evaluation */
  readonly validation?: Dataset;
  /** How and how often to evaluate. With calibrated statistics, the default, each evaluation starts with a pass over `dataset`. */
  readonly evaluation?: EvaluateClassifierOptions & EvaluationTimes;
}

/** Examples per batch when calibrating. */
const CALIBRATION_BATCH = 1000;

const OPTIONS: readonly (keyof TrainClassifierOptions)[] = [
  'classifier',
  'labeled',
  'dataset',
  'labeledBatchSize',
  'validation',
  'evaluation',
  ...LOOP_OPTIONS,
];

/**
 * Trains a classifier, semi-supervised if its network has denoising costs: an async generator of the same events as `train`.
 * Each step has a labeled and an unlabeled batch, normalized separately.
 *
 * @throws TaggerError as `train`
 */
export async function* trainClassifier(
  options: TrainClassifierOptions,
): AsyncGenerator<TrainEvent<ClassifierEvaluation>, void, undefined> {
  const { classifier, dataset, labeled, validation, batchSize = 100, seed = 0, evaluation = {} } = options;
  const where = 'trainClassifier';
  checkOptionNames(where, options, OPTIONS);
  checkOptionNames(`${where}: evaluation`, evaluation, [...EVALUATE_CLASSIFIER_OPTIONS, 'everySteps', 'everySeconds']);
  for (const data of [dataset, labeled, validation]) if (data) checkInputSize(where, classifier, data);
  checkBatchSize(where, dataset, batchSize);
  const labeledSize = labeledBatchSize(where, labeled, options.labeledBatchSize ?? batchSize);

  const rows = ({ inputs, size }: Batch) => tf.tensor2d(inputs, [size, classifier.inputSize]);
  const costsOf = ({ batch, labeled: other }: PairedBatch, random: Random) =>
    classifier.cost(
      {
        labeled: rows(other as Batch),
        targets: targetsOf(other as Batch, classifier.config.classes),
        unlabeled: rows(batch),
      },
      { random },
    );
  const costs = (item: PairedBatch, random: Random): StepCosts => {
    const { cost, denoisingCosts, classificationCost } = costsOf(item, random);
    return { cost, costs: denoisingCosts, classificationCost };
  };

  const measure = async (): Promise<ClassifierEvaluation> => {
    const { everySteps: _steps, everySeconds: _seconds, ...how } = evaluation;
    if ((how.statistics ?? 'calibrated') === 'calibrated') {
      const size = Math.min(CALIBRATION_BATCH, dataset.size);
      await calibrateClassifier(classifier, dataset.batches({ batchSize: size, epochs: 1, partial: true }));
    }
    return evaluateClassifier(classifier, validation as Dataset, how);
  };

  yield* trainingLoop<PairedBatch, ClassifierEvaluation>(
    {
      where,
      model: classifier,
      examples: dataset.size,
      labeled: { examples: labeled.size, batchSize: labeledSize },
      items: (from) =>
        pairedBatches({ dataset, batchSize, seed, from, labeled: { dataset: labeled, batchSize: labeledSize } }),
      findNonFiniteInput: (item) => inputOf(item),
      findNonFinite: async (item, random) =>
        inputOf(item) ??
        (await parameterOf(classifier)) ??
        (await costOrGradientOf(classifier, () => costsOf(item, random()))),
      costs,
      evaluate: validation && measure,
    },
    options,
  );
}

function inputOf({ batch, labeled }: PairedBatch): NonFinite | undefined {
  const found = findNonFiniteInput(batch) ?? (labeled && findNonFiniteInput(labeled));
  return found && { tensor: found.tensor, problem: found.problem };
}

/** The first parameter that is not finite. */
async function parameterOf(classifier: Classifier): Promise<NonFinite | undefined> {
  for (const [name, parameter] of Object.entries(classifier.parameters())) {
    const value = await nonFiniteIn(parameter);
    if (value !== undefined) return { tensor: `parameter '${name}'`, problem: problemOf(value) };
  }
  return undefined;
}

/** The first cost, or gradient of their sum, that is not finite. */
async function costOrGradientOf(
  classifier: Classifier,
  costsOf: () => ReturnType<Classifier['cost']>,
): Promise<NonFinite> {
  const output = tf.tidy(costsOf);
  const { cost, gradients } = gradientsOf(() => costsOf().cost, classifier.parameters());
  try {
    const suspects = [
      ['classificationCost', output.classificationCost],
      ...output.denoisingCosts.map((tensor, l) => [`denoisingCosts[${l}]`, tensor] as const),
      ...Object.entries(gradients).map(([name, tensor]) => [`gradient of '${name}'`, tensor] as const),
    ] as const;
    for (const [tensor, values] of suspects) {
      const value = await nonFiniteIn(values);
      if (value !== undefined) return { tensor, problem: problemOf(value) };
    }
    return NOTHING_FOUND;
  } finally {
    tf.dispose([output, cost, gradients]);
  }
}
