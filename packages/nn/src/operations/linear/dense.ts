import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { addBias } from './add-bias';
import { matMul } from './matmul';
import type { Activation } from '../activation/relu';

/** Options of {@link dense}. */
export interface DenseOptions {
  /** [out]. @default none */
  readonly bias?: tf.Tensor1D;
  /** Applied last; it needs a bias. @default 'none' */
  readonly activation?: Activation;
}

/**
 * A fully connected layer, `activation(x weights + bias)`: {@link matMul} and {@link addBias} in one.
 *
 * @param x [R, in]
 * @param weights [in, out]
 * @returns [R, out]
 * @throws TaggerError `INVALID_SHAPE` if weights or bias do not fit, `INVALID_OPTION` for an activation without bias
 */
export function dense(
  x: tf.Tensor2D,
  weights: tf.Tensor2D,
  { bias, activation = 'none' }: DenseOptions = {},
): tf.Tensor2D {
  if (bias === undefined) {
    if (activation !== 'none') {
      throw new TaggerError(
        'INVALID_OPTION',
        `dense: activation '${activation}' needs a bias. Pass one, or apply ${activation}() to the result.`,
      );
    }
    return matMul(x, weights);
  }
  return tf.tidy(() => addBias(matMul(x, weights), bias, { activation }));
}
