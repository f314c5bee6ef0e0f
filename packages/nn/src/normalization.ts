import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from './errors';
import { columnMoments } from './operations/normalization/column-moments';
import {
  NORMALIZATION_EPSILON,
  normalize,
  NORMS,
  type Norm,
  type NormalizeScaling,
} from './operations/normalization/normalize';
import { normalizeWith } from './operations/normalization/normalize-with';
import { checkOneOf, checkPositive } from './checks/options';
import { disposeTree, sameShape, type TensorTree } from './tree';

/**
 * The statistics that batch normalization uses. Layer normalization has none and ignores it.
 *
 * - `'batch'`: those of the current rows (for training; the paper's authors also tested with them)
 * - `'calibrate'`: the same, which are also accumulated in the state, per iteration
 * - `'calibrated'`: the accumulated ones
 */
export type Statistics = 'batch' | 'calibrate' | 'calibrated';

/** The values of {@link Statistics}. */
const STATISTICS: readonly Statistics[] = ['batch', 'calibrate', 'calibrated'];

/** The context of a call. */
export interface NormalizationContext {
  /** Iteration of the TAG loop, 0-based: calibrated statistics are kept for each. */
  readonly iteration: number;
  /** Which statistics to use. */
  readonly statistics: Statistics;
}

/** A normalization layer: it holds calibrated statistics and no trained parameters (gain and bias are arguments). */
export interface Normalization {
  /** The axis of mean and variance. */
  readonly norm: Norm;
  /**
   * `activation(norm(x) gain + bias)`, x and the result [R, D].
   *
   * @throws TaggerError `NOT_CALIBRATED` for `statistics: 'calibrated'` at an iteration that was never calibrated
   */
  apply(x: tf.Tensor2D, context: NormalizationContext, scaling?: NormalizeScaling): tf.Tensor2D;
  /**
   * The calibrated statistics: for each iteration i `iteration_<i>/count` [], the number of rows seen,
   * `iteration_<i>/mean` [D] and `iteration_<i>/variance` [D]. Nothing before calibration, nothing for layer norm.
   */
  state(): TensorTree;
  /**
   * Replaces the state by zeros of the given names and shapes, so that saved values can be written into it.
   * `prepareState({})` resets the calibration.
   *
   * @throws TaggerError `PARAMETER_MISMATCH` if this layer cannot have such state
   */
  prepareState(names: Readonly<Record<string, readonly number[]>>): void;
  /** Frees the state. */
  dispose(): void;
}

/** Options of {@link createNormalization}. */
export interface NormalizationOptions {
  /** The axis of mean and variance. */
  readonly norm: Norm;
  /** Number of features D. */
  readonly size: number;
  /** Added to the variance, above 0. @default 1e-8 for `'layer'`, 1e-10 for `'batch'` */
  readonly epsilon?: number;
}

/** Statistics of the rows seen at one iteration. */
type Accumulated = { count: tf.Variable; mean: tf.Variable; variance: tf.Variable };

/**
 * Makes a normalization layer.
 *
 * Calibration combines batches of any sizes as if they were one (Chan, Golub and LeVeque 1979): with n rows seen, r new
 * ones, w = r / (n + r) and delta the difference of the means,
 *
 *     mean' = mean + w delta,  variance' = variance + w (variance_new - variance) + w (1 - w) delta^2,  n' = n + r
 *
 * @throws TaggerError `INVALID_OPTION` for an unknown norm, a size or an epsilon out of range
 */
export function createNormalization({
  norm,
  size,
  epsilon = NORMALIZATION_EPSILON[norm],
}: NormalizationOptions): Normalization {
  checkOneOf('createNormalization', 'norm', norm, NORMS);
  checkPositive('createNormalization', 'epsilon', epsilon);
  if (!Number.isInteger(size) || size < 1) {
    throw new TaggerError('INVALID_OPTION', `createNormalization: 'size' must be a whole number from 1, got ${size}.`);
  }
  const shapes: Readonly<Record<keyof Accumulated, readonly number[]>> = { count: [], mean: [size], variance: [size] };
  const accumulated = new Map<number, Accumulated>();

  const zeros = (): Accumulated =>
    tf.tidy(() => ({
      count: tf.variable(tf.scalar(0), false),
      mean: tf.variable(tf.zeros([size]), false),
      variance: tf.variable(tf.zeros([size]), false),
    }));

  const calibrate = (x: tf.Tensor2D, iteration: number) => {
    const seen = accumulated.get(iteration) ?? zeros();
    accumulated.set(iteration, seen);
    tf.tidy(() => {
      const batch = columnMoments(x);
      const count = tf.add(seen.count, x.shape[0]);
      const share = tf.div(x.shape[0], count);
      const delta = tf.sub(batch.mean, seen.mean);
      const between = tf.mul(tf.mul(share, tf.sub(1, share)), tf.mul(delta, delta));
      const within = tf.mul(share, tf.sub(batch.variance, seen.variance));
      seen.variance.assign(tf.add(tf.add(seen.variance, within), between));
      seen.mean.assign(tf.add(seen.mean, tf.mul(share, delta)));
      seen.count.assign(count);
    });
  };

  const calibrated = (iteration: number): Accumulated => {
    const seen = accumulated.get(iteration);
    if (seen !== undefined) return seen;
    const known = [...accumulated.keys()].sort((a, b) => a - b);
    throw new TaggerError(
      'NOT_CALIBRATED',
      `Batch normalization has no calibrated statistics for iteration ${iteration} (it has ` +
        `${known.length === 0 ? 'none at all' : `those of iterations ${known.join(', ')}`}). Run training data through ` +
        "the model with statistics: 'calibrate' and as many iterations as you test with, or use statistics: 'batch'.",
    );
  };

  const dispose = () => {
    for (const seen of accumulated.values()) disposeTree(seen);
    accumulated.clear();
  };

  return {
    norm,
    apply(x, { iteration, statistics }, scaling = {}) {
      checkOneOf('normalization', 'statistics', statistics, STATISTICS);
      if (x.shape[1] !== size) {
        throw new TaggerError(
          'INVALID_SHAPE',
          `normalization: the layer expects ${size} features, got an input of shape [${x.shape}].`,
        );
      }
      if (norm === 'batch' && statistics === 'calibrated') {
        const { mean, variance } = calibrated(iteration);
        return normalizeWith(x, {
          mean: mean as tf.Tensor as tf.Tensor1D,
          variance: variance as tf.Tensor as tf.Tensor1D,
          epsilon,
          ...scaling,
        });
      }
      if (norm === 'batch' && statistics === 'calibrate') calibrate(x, iteration);
      return normalize(x, { norm, epsilon, ...scaling });
    },
    state() {
      const tree: Record<string, tf.Variable> = {};
      for (const [iteration, seen] of [...accumulated].sort(([a], [b]) => a - b)) {
        for (const [name, variable] of Object.entries(seen)) tree[`iteration_${iteration}/${name}`] = variable;
      }
      return tree;
    },
    prepareState(names) {
      const iterations = new Set<number>();
      for (const [name, shape] of Object.entries(names)) {
        const [, iteration, part] = /^iteration_(0|[1-9]\d*)\/(count|mean|variance)$/.exec(name) ?? [];
        const expected = part === undefined ? undefined : shapes[part as keyof Accumulated];
        if (norm === 'layer' || expected === undefined || !sameShape(shape, expected)) {
          throw new TaggerError(
            'PARAMETER_MISMATCH',
            norm === 'layer'
              ? `Layer normalization has no state, got '${name}'.`
              : `Batch normalization of ${size} features has state 'iteration_<i>/count' [], 'iteration_<i>/mean' and ` +
                  `'iteration_<i>/variance' [${size}], got '${name}' [${shape}].`,
          );
        }
        iterations.add(Number(iteration));
      }
      for (const iteration of iterations) {
        for (const part of Object.keys(shapes)) {
          if (`iteration_${iteration}/${part}` in names) continue;
          throw new TaggerError('PARAMETER_MISMATCH', `The state 'iteration_${iteration}/${part}' is missing.`);
        }
      }
      dispose();
      for (const iteration of [...iterations].sort((a, b) => a - b)) accumulated.set(iteration, zeros());
    },
    dispose,
  };
}
