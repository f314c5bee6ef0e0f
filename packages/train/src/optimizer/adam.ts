import { adamUpdate, checkOptionNames, disposeTree, TaggerError, type TensorTree } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { Optimizer } from './optimizer';

/** Options of {@link createAdam}. */
export interface AdamOptions {
  /** Decay of the first moment, in [0, 1). @default 0.9 */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). @default 0.999 */
  readonly beta2?: number;
  /** Added to the square root of the second moment, > 0. @default 1e-8 */
  readonly epsilon?: number;
}

/**
 * Adam with bias correction (Kingma and Ba 2015, Algorithm 1):
 *
 *     m <- beta1 m + (1 - beta1) g,   v <- beta2 v + (1 - beta2) g^2
 *     p <- p - learningRate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * @param parameters what to train
 * @throws TaggerError `INVALID_OPTION` if an option is unknown or out of range
 */
export function createAdam(parameters: TensorTree, options: AdamOptions = {}): Optimizer {
  checkOptionNames('createAdam', options, ['beta1', 'beta2', 'epsilon']);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  for (const [name, beta] of Object.entries({ beta1, beta2 })) {
    if (!(beta >= 0 && beta < 1)) {
      throw new TaggerError('INVALID_OPTION', `createAdam: ${name} must be in [0, 1), not ${beta}.`);
    }
  }
  if (!(epsilon > 0)) throw new TaggerError('INVALID_OPTION', `createAdam: epsilon must be > 0, not ${epsilon}.`);

  const state: Record<string, tf.Variable> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    for (const moment of ['m', 'v']) {
      state[`${name}/${moment}`] = tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false));
    }
  }
  let step = 0;
  return {
    get step() {
      return step;
    },
    update(gradients, learningRate) {
      step += 1;
      for (const [name, parameter] of Object.entries(parameters)) {
        const gradient = gradients[name];
        if (gradient === undefined) continue;
        const m = state[`${name}/m`] as tf.Variable;
        const v = state[`${name}/v`] as tf.Variable;
        const updated = adamUpdate(parameter, gradient, m, v, { learningRate, beta1, beta2, epsilon, step });
        for (const [i, variable] of [parameter, m, v].entries()) variable.assign(updated[i] as tf.Tensor);
        tf.dispose(updated);
      }
    },
    state: () => state,
    restoreStep(value) {
      step = value;
    },
    dispose: () => disposeTree(state),
  };
}
