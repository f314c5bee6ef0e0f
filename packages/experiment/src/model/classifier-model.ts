import { calibrateClassifier, classify, saveClassifier, type Classifier } from '@taggerjs/classifier';
import type { Dataset } from '@taggerjs/datasets';
import { assignWeights, evaluateClassifier, trainClassifier } from '@taggerjs/train';

import { ExperimentError } from '../errors';
import { trainingOptions } from '../recipe-options';
import type { ClassifiedExample, ClassifierModel, ModelEvaluateOptions } from './experiment-model';

/** Batch size of a calibration. */
const CALIBRATION_BATCH = 1000;

/** A classifier as the model of an experiment. */
export function classifierModel(classifier: Classifier): ClassifierModel {
  return {
    kind: 'classifier',
    classifier,
    parameterCount: Object.values(classifier.parameters()).reduce((sum, { size }) => sum + size, 0),
    train(recipe, { dataset, validation, labeled = dataset }, controls) {
      const { everySteps, everySeconds } = recipe.evaluation;
      const labeledBatchSize = recipe.training.classification?.batchSize;
      return trainClassifier({
        ...{ classifier, dataset, labeled, validation },
        ...trainingOptions(recipe),
        ...controls,
        ...(labeledBatchSize !== undefined && { labeledBatchSize }),
        evaluation: {
          ...measuring(recipe.evaluation),
          ...(everySteps !== undefined && { everySteps }),
          ...(everySeconds !== undefined && { everySeconds }),
        },
      });
    },
    evaluate: (dataset, options = {}) => evaluateClassifier(classifier, dataset, measuring(options)),
    show: (dataset, options = {}) => classifyExamples(classifier, dataset, options),
    restore: (state) => assignWeights(classifier, state),
    async calibrate(_recipe, dataset) {
      const batchSize = Math.min(CALIBRATION_BATCH, dataset.size);
      await calibrateClassifier(classifier, dataset.batches({ batchSize, epochs: 1, partial: true }));
      return Object.keys(classifier.state()).length > 0;
    },
    async save({ dtype = 'float32', ...options } = {}) {
      if (dtype === 'float32') return saveClassifier(classifier, options);
      throw new ExperimentError('INVALID_OPTION', `Classifiers are saved as float32, not as ${dtype}.`);
    },
    dispose: () => classifier.dispose(),
  };
}

/** The evaluation options that apply to a classifier. */
function measuring({ examples, batchSize, statistics }: ModelEvaluateOptions) {
  return {
    ...(examples !== undefined && { examples }),
    ...(batchSize !== undefined && { batchSize }),
    ...(statistics !== undefined && { statistics }),
  };
}

async function classifyExamples(
  classifier: Classifier,
  dataset: Dataset,
  { first = 0, examples = dataset.size, batchSize = 100, statistics }: ModelEvaluateOptions,
): Promise<ClassifiedExample[]> {
  const classified: ClassifiedExample[] = [];
  const end = Math.min(first + examples, dataset.size);
  for (let from = first; from < end; from += batchSize) {
    const size = Math.min(batchSize, end - from);
    const { inputs, labels } = await dataset.examples(Uint32Array.from({ length: size }, (_, i) => from + i));
    const posteriors = await classify(classifier, inputs, { batchSize, ...(statistics && { statistics }) });
    // [size, any] -> [any]
    const rowOf = <Values extends Float32Array | Uint8Array>(values: Values, row: number) =>
      values.slice((row * values.length) / size, ((row + 1) * values.length) / size) as Values;
    for (let row = 0; row < size; row++) {
      const example = { input: rowOf(inputs, row), classPosterior: rowOf(posteriors, row) };
      classified.push(labels ? { ...example, labels: rowOf(labels, row) } : example);
    }
  }
  return classified;
}
