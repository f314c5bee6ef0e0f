import { checkOptionNames, disposeTree, TaggerError, type TensorTree } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Options of {@link createEma}. */
export interface EmaOptions {
  /** Weight of the average in each update, in [0, 1). */
  readonly decay: number;
}

/** An exponential moving average (EMA) of parameters. */
export interface Ema {
  /** Adds the parameters' current values to the average. */
  update(): void;
  /** Counts an update and returns its d: for an optimizer, which computes and assigns the averages itself. */
  nextDecay(): number;
  /**
   * Runs a function while the parameters hold the average, then restores them, even after an error: to evaluate or to save.
   */
  use<T>(run: () => Promise<T> | T): Promise<T>;
  /** Sets the parameters to the average. */
  assign(): void;
  /** The averages by the parameters' names. */
  state(): TensorTree;
  /** Number of updates so far. */
  readonly updates: number;
  /** Sets the number of updates after the state was restored. */
  restoreUpdates(updates: number): void;
  /** Frees the averages. */
  dispose(): void;
}

/**
 * An exponential moving average of the parameters,
 *
 *     average <- d average + (1 - d) parameter,   d = min(decay, (1 + t) / (10 + t))
 *
 * with t the number of earlier updates. The decay grows to its value, so that the average soon forgets the random initial
 * parameters.
 *
 * @param parameters the parameters to average; their current values are the first average
 * @throws TaggerError `INVALID_OPTION` if an option is unknown or out of range
 */
export function createEma(parameters: TensorTree, options: EmaOptions): Ema {
  checkOptionNames('createEma', options, ['decay']);
  const { decay } = options;
  if (!(decay >= 0 && decay < 1)) {
    throw new TaggerError('INVALID_OPTION', `createEma: decay must be in [0, 1), not ${decay}.`);
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
        const current = parameter.clone();
        parameter.assign(average.clone());
        average.assign(current);
      });
    }
  };
  const nextDecay = () => {
    const d = Math.min(decay, (1 + updates) / (10 + updates));
    updates += 1;
    return d;
  };
  return {
    nextDecay,
    update() {
      const d = nextDecay();
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
    assign() {
      for (const [name, parameter] of Object.entries(parameters)) {
        tf.tidy(() => parameter.assign((averages[name] as tf.Variable).clone()));
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
