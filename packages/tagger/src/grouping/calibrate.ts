import { checkOptionNames, TaggerError } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import type { Tagger } from '../model/tagger';

/** Options of {@link calibrate}. */
export interface CalibrateOptions {
  /** Number of iterations T of inference: statistics are kept for each. @default the configuration's */
  readonly iterations?: number;
  /** Number of groups K of inference. @default the configuration's */
  readonly groups?: number;
  /** Seed of the initial assignments and the corruption. @default 0 */
  readonly seed?: number | string;
  /** Whether to corrupt the inputs, if inference will. @default false */
  readonly corrupt?: boolean;
}

/**
 * Measures the statistics that batch normalization uses at inference: one pass over training data, each batch normalized by
 * its own statistics, which are accumulated by iteration and layer. Afterwards an example's groups no longer depend on the
 * rest of its batch. Has no effect on layer normalization.
 *
 * @param batches training data, such as `dataset.batches({ batchSize: 100, epochs: 1 })`
 * @throws TaggerError `INVALID_OPTION` if there is no batch or an option is unknown, `INVALID_SHAPE` if a batch does not
 *   consist of complete inputs
 */
export async function calibrate(
  tagger: Tagger,
  batches: AsyncIterable<{ readonly inputs: Float32Array }> | Iterable<{ readonly inputs: Float32Array }>,
  options: CalibrateOptions = {},
): Promise<void> {
  checkOptionNames('calibrate', options, ['iterations', 'groups', 'seed', 'corrupt']);
  const { seed = 0, corrupt = false, ...sizes } = options;
  const random = createRandom(seed);
  tagger.core.prepareState?.({});
  let first = 0;
  for await (const { inputs } of batches) {
    const size = inputs.length / tagger.inputSize;
    if (!Number.isInteger(size) || size < 1) {
      throw new TaggerError(
        'INVALID_SHAPE',
        `calibrate: a batch has ${inputs.length} values, which is not a multiple of the input size ${tagger.inputSize} ` +
          `(shape [${tagger.config.inputShape}]).`,
      );
    }
    tf.tidy(() => {
      const x = tf.tensor2d(inputs, [size, tagger.inputSize]);
      tagger.run(x, { ...sizes, corrupt, random: random.fork('batch', first), statistics: 'calibrate' });
    });
    first += size;
    // Without batch normalization there is nothing to measure.
    if (Object.keys(tagger.state()).length === 0) return;
  }
  if (first === 0)
    throw new TaggerError('INVALID_OPTION', 'calibrate: batches is empty. Pass at least one batch of training data.');
}
