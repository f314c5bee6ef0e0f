import { TaggerError, type Statistics } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { Classifier } from './classifier';

/** How to classify. */
export interface ClassifyOptions {
  /** Inputs at a time. @default 1000 */
  readonly batchSize?: number;
  /** Which statistics batch normalization takes. @default 'calibrated' */
  readonly statistics?: Exclude<Statistics, 'calibrate'>;
}

/**
 * The class probabilities of inputs, as plain arrays.
 *
 * @param inputs [B, N] row-major
 * @returns [B, C] row-major, rows summing to one
 * @throws TaggerError `INVALID_SHAPE` where the inputs are no whole number of examples, `INVALID_OPTION`,
 *   `NOT_CALIBRATED` where batch normalization has no statistics yet
 */
export async function classify(
  classifier: Classifier,
  inputs: Float32Array,
  { batchSize = 1000, statistics = 'calibrated' }: ClassifyOptions = {},
): Promise<Float32Array> {
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
 * Measures the statistics that batch normalization takes at inference: a pass over training data, each batch normalized
 * by its own statistics, which are accumulated as if all were one batch. From then on the class of an example does not
 * depend on the batch it comes in. Of no effect on networks without batch normalization.
 *
 * @param batches training data, such as `dataset.batches({ batchSize: 1000, epochs: 1 })`
 * @throws TaggerError `INVALID_OPTION` where there is no batch, `INVALID_SHAPE` where one is no whole number of inputs
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
  if (seen === 0) throw new TaggerError('INVALID_OPTION', 'calibrateClassifier: there is no batch to calibrate on.');
}

function rowsOf(where: string, { inputSize, config }: Classifier, inputs: Float32Array): number {
  const rows = inputs.length / inputSize;
  if (Number.isInteger(rows) && rows > 0) return rows;
  throw new TaggerError(
    'INVALID_SHAPE',
    `${where}: ${inputs.length} values are no whole number of inputs of ${inputSize} values (shape ` +
      `[${config.inputShape}]).`,
  );
}
