import {
  adamUpdates,
  checkOptionNames,
  disposeTree,
  TaggerError,
  type AdamTensors,
  type AdamUpdated,
  type TensorTree,
} from '@taggerjs/nn';
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
    update(gradients, learningRate, { scale, ema } = {}) {
      step += 1;
      const averages = ema?.state();
      const averageDecay = ema?.nextDecay() ?? 0;
      const changed: Record<keyof AdamUpdated, tf.Variable>[] = [];
      tf.tidy(() => {
        const tensors: AdamTensors[] = [];
        for (const [name, parameter] of Object.entries(parameters)) {
          const average = averages?.[name];
          const gradient = gradients[name];
          if (gradient) {
            const variables = { parameter, m: state[`${name}/m`], v: state[`${name}/v`], ...(average && { average }) };
            changed.push(variables as Record<keyof AdamUpdated, tf.Variable>);
            tensors.push({ ...(variables as Record<keyof AdamUpdated, tf.Variable>), gradient });
          } else if (average) {
            average.assign(tf.add(tf.mul(average, averageDecay), tf.mul(parameter, 1 - averageDecay)));
          }
        }
        const settings = { learningRate, beta1, beta2, epsilon, step, averageDecay, ...(scale && { scale }) };
        for (const [i, updated] of adamUpdates(tensors, settings).entries()) {
          for (const [name, variable] of Object.entries(changed[i] as Record<string, tf.Variable>)) {
            variable.assign(updated[name as keyof AdamUpdated] as tf.Tensor);
          }
        }
      });
    },
    state: () => state,
    restoreStep(value) {
      step = value;
    },
    dispose: () => disposeTree(state),
  };
}
