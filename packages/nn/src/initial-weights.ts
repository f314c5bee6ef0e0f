import type { Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { requireBackend } from './backend';

/**
 * Initial weights of a layer, `N(0, 1 / in)`: with inputs of unit variance, outputs have unit variance.
 *
 * @param random a stream for these weights alone: `random.fork('W_1')`
 * @param shape [in, out]
 * @returns a variable of that shape, to be disposed of by the caller
 * @throws TaggerError `NO_BACKEND` before a TensorFlow.js backend is set up
 */
export function initialWeights(random: Random, [fanIn, fanOut]: readonly [number, number]): tf.Variable<tf.Rank.R2> {
  requireBackend('initialWeights');
  const values = random.normal(fanIn * fanOut, { standardDeviation: 1 / Math.sqrt(fanIn) });
  return tf.tidy(() => tf.variable(tf.tensor2d(values, [fanIn, fanOut], 'float32')));
}
