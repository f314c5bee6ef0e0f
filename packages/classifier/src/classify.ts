import { checkOptionNames, checkOneOf, TaggerError, type Statistics } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { Classifier } from './classifier';

/** Options of {@link classify}. */
export interface ClassifyOptions {
  /** Inputs at a time. @default 1000 */
  readonly batchSize?: number;
  /** Which statistics batch normalization uses. @default 'calibrated' */
  readonly statistics?: Exclude<Statistics, 'calibrate'>;
}

/**
 * Computes class probabilities, as plain arrays.
 *
 * @param inputs [B, N] row-major
 * @returns [B, C] row-major, rows summing to one
 * @throws TaggerError `INVALID_SHAPE` if the inputs are not B times N values, `INVALID_OPTION` if an option is unknown or out
 *   of range, `NOT_CALIBRATED` if batch normalization has no statistics yet
 */
export async function classify(
  classifier: Classifier,
  inputs: Float32Array,
  options: ClassifyOptions = {},
): Promise<Float32Array> {
  checkOptionNames('classify', options, ['batchSize', 'statistics']);
  const { batchSize = 1000, statistics = 'calibrated' } = options;
  checkOneOf('classify', 'statistics', statistics, ['calibrated', 'batch']);
  const { inputSize, config } = classifier;
  const count = rowsOf('classify', classifier, inputs);
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new TaggerError('INVALID_OPTION', `classify: batchSize must be a positive integer, not ${batchSize}.`);
  }
  const probabilities = new Float32Array(count * config.classes);
  for (let first = 0; first < count; first += batchSize) {
    const size = Math.min(batchSize, count - first);
    const rows = inputs.subarray(first * inputSize, (first + size) * inputSize);
    const output = tf.tidy(() => classifier.predict(tf.tensor2d(rows, [size, inputSize]), { statistics }));
    try {
      probabilities.set((await output.data()) as Float32Array, first * config.classes);
    } finally {
      output.dispose();
    }
  }
  return probabilities;
}

/**
 * Measures the statistics that batch normalization uses at inference: one pass over training data, each batch normalized by
 * its own statistics, which are accumulated as if all were one batch. Afterwards the class of an example no longer depends on
 * the rest of its batch. Has no effect on networks without batch normalization.
 *
 * @param batches training data, such as `dataset.batches({ batchSize: 1000, epochs: 1 })`
 * @throws TaggerError `INVALID_OPTION` if there is no batch, `INVALID_SHAPE` if a batch does not consist of complete inputs
 */
export async function calibrateClassifier(
  classifier: Classifier,
  batches: AsyncIterable<{ readonly inputs: Float32Array }> | Iterable<{ readonly inputs: Float32Array }>,
): Promise<void> {
  classifier.prepareState?.({});
  let seen = 0;
  for await (const { inputs } of batches) {
    const size = rowsOf('calibrateClassifier', classifier, inputs);
    tf.tidy(() => {
      classifier.predict(tf.tensor2d(inputs, [size, classifier.inputSize]), { statistics: 'calibrate' });
    });
    seen += size;
    if (Object.keys(classifier.state()).length === 0) return;
  }
  if (seen === 0)
    throw new TaggerError(
      'INVALID_OPTION',
      'calibrateClassifier: batches is empty. Pass at least one batch of training data.',
    );
}

function rowsOf(where: string, { inputSize, config }: Classifier, inputs: Float32Array): number {
  const rows = inputs.length / inputSize;
  if (Number.isInteger(rows) && rows > 0) return rows;
  throw new TaggerError(
    'INVALID_SHAPE',
    `${where}: ${inputs.length} values are not a multiple of the input size ${inputSize} (shape [${config.inputShape}]).`,
  );
}
