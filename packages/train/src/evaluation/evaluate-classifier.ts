import { classify, classTargets, type Classifier, type ClassifyOptions } from '@taggerjs/classifier';
import type { Dataset } from '@taggerjs/datasets';
import { classificationError, confusionMatrix } from '@taggerjs/metrics';
import { checkOptionNames, TaggerError } from '@taggerjs/nn';

import { addMatrices } from './add-matrices';
import { checkInputSize } from '../check-data';

/** Options of {@link evaluateClassifier}. */
export interface EvaluateClassifierOptions extends ClassifyOptions {
  /** Evaluates only this many examples, the first of the dataset. @default all */
  readonly examples?: number;
}

/** How well a classifier performs. */
export interface ClassifierEvaluation {
  /** Number of examples. */
  readonly examples: number;
  /** Fraction of the objects whose class is not found, as `classificationError` of `@taggerjs/metrics` counts it. */
  readonly classificationError: number;
  /** Confusion matrix, as `confusionMatrix` of `@taggerjs/metrics` counts it. */
  readonly confusion: readonly (readonly number[])[];
  /** Cross-entropy of the class probabilities with the labels, mean over examples, in nats. */
  readonly classificationCost: number;
  /** Seconds it took. */
  readonly seconds: number;
}

/** Replaces a probability that underflows, as in `classificationCost`. */
const FLOOR = 1e-30;

/** The names of {@link EvaluateClassifierOptions}. */
export const EVALUATE_CLASSIFIER_OPTIONS: readonly (keyof EvaluateClassifierOptions)[] = [
  'examples',
  'batchSize',
  'statistics',
];

/**
 * Measures how well a classifier recognizes the classes of labeled examples.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is unknown or out of range, or the data have no labels; `INVALID_SHAPE`
 *   if the examples do not fit the classifier; `NOT_CALIBRATED` as `classify`
 */
export async function evaluateClassifier(
  classifier: Classifier,
  dataset: Dataset,
  options: EvaluateClassifierOptions = {},
): Promise<ClassifierEvaluation> {
  checkOptionNames('evaluateClassifier', options, EVALUATE_CLASSIFIER_OPTIONS);
  const { batchSize = 1000, examples: wanted = dataset.size, ...how } = options;
  for (const [name, value] of Object.entries({ batchSize, examples: wanted })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new TaggerError(
        'INVALID_OPTION',
        `evaluateClassifier: ${name} must be an integer of at least 1, not ${value}.`,
      );
    }
  }
  checkInputSize('evaluateClassifier', classifier, dataset);
  if (dataset.labelsPerExample === 0) {
    throw new TaggerError('INVALID_OPTION', `evaluateClassifier: the examples of '${dataset.name}' have no labels.`);
  }
  const examples = Math.min(wanted, dataset.size);
  const { classes } = classifier.config;
  const started = performance.now();
  let missed = 0;
  let cost = 0;
  let confusion: number[][] | undefined;
  for (let first = 0; first < examples; first += batchSize) {
    const size = Math.min(batchSize, examples - first);
    const { inputs, labels = [] } = await dataset.examples(Uint32Array.from({ length: size }, (_, i) => first + i));
    const probabilities = await classify(classifier, inputs, { ...how, batchSize });
    missed += size * classificationError(probabilities, labels, { size });
    confusion = addMatrices(confusion, confusionMatrix(probabilities, labels, { size }));
    classTargets(labels, { size, classes }).forEach((count, i) => {
      if (count > 0) cost -= (count / dataset.labelsPerExample) * Math.log((probabilities[i] as number) + FLOOR);
    });
  }
  return {
    examples,
    classificationError: missed / examples,
    confusion: confusion ?? [],
    classificationCost: cost / examples,
    seconds: (performance.now() - started) / 1000,
  };
}
