import { TaggerError } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import type { Tagger } from '../model/tagger';

/** How to calibrate. */
export interface CalibrateOptions {
  /** Number of iterations the statistics will serve: the T of inference. @default the configuration's */
  readonly iterations?: number;
  /** Number of groups K of inference. @default the configuration's */
  readonly groups?: number;
  /** Seed of the initial assignments and the corruption. @default 0 */
  readonly seed?: number | string;
  /** Whether inference will see corrupted inputs. @default false */
  readonly corrupt?: boolean;
}

/**
 * Measures the statistics that batch normalization takes at inference: one pass over training data, each batch
 * normalized by its own statistics, accumulated by iteration and layer. From then on an example's groups do not depend
 * on the batch it comes in. Of no effect on layer normalization.
 *
 * @param batches training data, such as `dataset.batches({ batchSize: 100, epochs: 1 })`
 * @throws TaggerError `INVALID_OPTION` where there is no batch, `INVALID_SHAPE` where one is no whole number of inputs
 */
export async function calibrate(
  tagger: Tagger,
  batches: AsyncIterable<{ readonly inputs: Float32Array }> | Iterable<{ readonly inputs: Float32Array }>,
  options: CalibrateOptions = {},
): Promise<void> {
  const { seed = 0, corrupt = false, ...sizes } = options;
  const random = createRandom(seed);
  tagger.core.prepareState?.({});
  let first = 0;
  for await (const { inputs } of batches) {
    const size = inputs.length / tagger.inputSize;
    if (!Number.isInteger(size) || size < 1) {
      throw new TaggerError(
        'INVALID_SHAPE',
        `calibrate: a batch has ${inputs.length} values, no whole number of inputs of ${tagger.inputSize} values (shape ` +
          `[${tagger.config.inputShape}]).`,
      );
    }
    tf.tidy(() => {
      const x = tf.tensor2d(inputs, [size, tagger.inputSize]);
      tagger.run(x, { ...sizes, corrupt, random: random.fork('batch', first), statistics: 'calibrate' });
    });
    first += size;
    // A core without batch normalization has nothing to measure.
    if (Object.keys(tagger.state()).length === 0) return;
  }
  if (first === 0) throw new TaggerError('INVALID_OPTION', 'calibrate: there is no batch to calibrate on.');
}
