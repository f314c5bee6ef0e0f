import { disposeTree, TaggerError, type TensorTree } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

/** An exponential moving average of parameters. */
export interface WeightAverage {
  /** Takes the parameters' present values into the average. */
  update(): void;
  /**
   * Runs a function with the average in the parameters' place, and puts the parameters back, whatever happens: what
   * evaluation and saving do.
   */
  use<T>(run: () => Promise<T> | T): Promise<T>;
  /** The averages by the parameters' names. */
  state(): TensorTree;
  /** Number of updates so far. */
  readonly updates: number;
  /** Sets the number of updates, after the state was restored. */
  restoreUpdates(updates: number): void;
  /** Frees the averages. */
  dispose(): void;
}

/**
 * An exponential moving average of the parameters,
 *
 *     average <- d average + (1 - d) parameter,   d = min(decay, (1 + t) / (10 + t))
 *
 * with t the number of updates made before: the decay grows into its value, so that the first, random parameters are
 * forgotten soon.
 *
 * @throws TaggerError `INVALID_OPTION` where the decay is not in [0, 1)
 */
export function createWeightAverage(parameters: TensorTree, { decay }: { readonly decay: number }): WeightAverage {
  if (!(decay >= 0 && decay < 1)) {
    throw new TaggerError('INVALID_OPTION', `createWeightAverage: decay must be in [0, 1), not ${decay}.`);
  }
  const averages: Record<string, tf.Variable> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    averages[name] = tf.tidy(() => tf.variable(parameter.clone(), false));
  }
  let updates = 0;
  const swap = () => {
    for (const [name, parameter] of Object.entries(parameters)) {
      tf.tidy(() => {
        const average = averages[name] as tf.Variable;
        const held = parameter.clone();
        parameter.assign(average.clone());
        average.assign(held);
      });
    }
  };
  return {
    update() {
      const d = Math.min(decay, (1 + updates) / (10 + updates));
      updates += 1;
      for (const [name, parameter] of Object.entries(parameters)) {
        const average = averages[name] as tf.Variable;
        tf.tidy(() => average.assign(tf.add(tf.mul(average, d), tf.mul(parameter, 1 - d))));
      }
    },
    async use(run) {
      swap();
      try {
        return await run();
      } finally {
        swap();
      }
    },
    state: () => averages,
    get updates() {
      return updates;
    },
    restoreUpdates(value) {
      updates = value;
    },
    dispose: () => disposeTree(averages),
  };
}
