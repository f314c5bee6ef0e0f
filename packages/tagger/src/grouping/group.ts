import type { Statistics } from '@taggerjs/mapping';
import { argmaxGroups } from '@taggerjs/metrics';
import { TaggerError } from '@taggerjs/nn';
import { createRandom, type Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import type { Tagger } from '../model/tagger';

/** How to group inputs. */
export interface GroupOptions {
  /** Number of groups K, at most 256. @default the configuration's */
  readonly groups?: number;
  /** Number of iterations T. @default the configuration's */
  readonly iterations?: number;
  /** Seed, or stream, of the initial assignment. @default 0 */
  readonly seed?: number | string | Random;
  /** Whether to corrupt the inputs as in training. @default false */
  readonly corrupt?: boolean;
  /** Which statistics batch normalization takes. @default 'calibrated' */
  readonly statistics?: Statistics;
  /** Inputs at a time; the result does not depend on it, save under `statistics: 'batch'`. @default 100 */
  readonly batchSize?: number;
  /**
   * Index of the first input in its dataset: of each input by its index are the corruption and the initial assignment, so
   * that part of a dataset is grouped as within the whole. @default 0
   */
  readonly firstExample?: number;
}

/** The groups of some inputs at one iteration, as plain arrays. */
export interface GroupingIteration {
  /** The winning group of each element, argmax_k m_k. [B, N] */
  readonly segments: Uint8Array;
  /** Predicted inputs z. [K, B, N] */
  readonly prediction: Float32Array;
  /** Assignments m. [K, B, N] */
  readonly assignment: Float32Array;
  /** Denoising cost against the inputs, mean over inputs and elements, in nats. */
  readonly cost: number;
  /** Posterior over classes. Only at the last iteration, of cores that classify. [B, C] */
  readonly classPosterior?: Float32Array;
}

/** The groups of some inputs, as plain arrays. */
export interface Grouping {
  /** Number of inputs B. */
  readonly size: number;
  /** Number of groups K. */
  readonly groups: number;
  /** Elements of an input N. */
  readonly inputSize: number;
  /** What the model saw: the inputs, or their corruption. [B, N] */
  readonly corrupted: Float32Array;
  /** One entry per iteration. */
  readonly iterations: readonly GroupingIteration[];
}

/**
 * Groups inputs: runs the TAG loop on them and returns plain arrays. By default the inputs are taken as they are,
 * without corruption.
 *
 * @param inputs [B, N] row-major, as an array or a tensor
 * @throws TaggerError `INVALID_SHAPE` where the inputs are no whole number of examples, `INVALID_OPTION` where an option is
 *   out of range; as {@link Tagger.iterate}. MetricsError `NON_FINITE` where an assignment is NaN, as it is for
 *   inputs that are NaN
 */
export async function group(
  tagger: Tagger,
  inputs: ArrayLike<number> | tf.Tensor2D,
  options: GroupOptions = {},
): Promise<Grouping> {
  const { groups: K = tagger.config.groups, iterations: T = tagger.config.iterations, batchSize = 100 } = options;
  const { seed = 0, corrupt = false, statistics, firstExample = 0 } = options;
  const N = tagger.inputSize;
  const values = inputs instanceof tf.Tensor ? await inputs.data() : inputs;
  const B = values.length / N;
  if (!Number.isInteger(B) || B < 1 || (inputs instanceof tf.Tensor && inputs.shape.at(-1) !== N)) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `group: ${values.length} values are no whole number of inputs of ${N} values (shape ` +
        `[${tagger.config.inputShape}]). Give B times ${N} values.`,
    );
  }
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new TaggerError('INVALID_OPTION', `group: batchSize must be a positive integer, not ${batchSize}.`);
  }
  // argmax m is one byte.
  if (!Number.isInteger(K) || K < 1 || K > 256) {
    throw new TaggerError('INVALID_OPTION', `group: groups must be an integer from 1 to 256, not ${K}.`);
  }
  if (!Number.isInteger(T) || T < 1) {
    throw new TaggerError('INVALID_OPTION', `group: iterations must be a positive integer, not ${T}.`);
  }
  if (!Number.isSafeInteger(firstExample) || firstExample < 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `group: firstExample must be an integer of at least 0, not ${firstExample}.`,
    );
  }
  const random = typeof seed === 'object' ? seed : createRandom(seed);
  const corruptedAll = new Float32Array(B * N);
  const all = Array.from({ length: T }, () => ({
    segments: new Uint8Array(B * N),
    prediction: new Float32Array(K * B * N),
    assignment: new Float32Array(K * B * N),
    cost: 0,
    classPosterior: undefined as Float32Array | undefined,
  }));

  for (let first = 0; first < B; first += batchSize) {
    const size = Math.min(batchSize, B - first);
    const rows = Float32Array.from({ length: size * N }, (_, i) => values[first * N + i] as number);
    const [clean, corrupted, output] = tf.tidy(() => {
      const clean = tf.tensor2d(rows, [size, N]);
      // Corrupted here, not in run(), so that what the model saw can be returned.
      const corrupted = corrupt ? corruptRows(tagger, rows, { random, first: firstExample + first }) : tf.clone(clean);
      const how = { random, groups: K, iterations: T, firstExample: firstExample + first, corrupted };
      return [clean, corrupted, tagger.run(clean, { ...how, ...(statistics && { statistics }) })];
    });
    try {
      corruptedAll.set((await corrupted.data()) as Float32Array, first * N);
      for (const [i, iteration] of output.iterations.entries()) {
        const target = all[i] as (typeof all)[number];
        const prediction = await iteration.prediction.data();
        const assignment = (await iteration.assignment.data()) as Float32Array;
        for (let k = 0; k < K; k++) {
          const rows = [k * size * N, (k + 1) * size * N] as const;
          target.prediction.set(prediction.subarray(...rows), (k * B + first) * N);
          target.assignment.set(assignment.subarray(...rows), (k * B + first) * N);
        }
        target.segments.set(argmaxGroups(assignment, { groups: K }), first * N);
        target.cost += ((await iteration.cost.data())[0] as number) * (size / B);
      }
      if (output.classPosterior) {
        const posterior = (await output.classPosterior.data()) as Float32Array;
        const last = all[T - 1] as (typeof all)[number];
        const classes = posterior.length / size;
        last.classPosterior ??= new Float32Array(B * classes);
        last.classPosterior.set(posterior, first * classes);
      }
    } finally {
      tf.dispose([clean, corrupted, output]);
    }
  }
  return {
    size: B,
    groups: K,
    inputSize: N,
    corrupted: corruptedAll,
    iterations: all.map(({ classPosterior, ...rest }) => ({ ...rest, ...(classPosterior && { classPosterior }) })),
  };
}

/** Corrupts each input by a stream of its own, so that what comes with it makes no difference. @returns [B, N] */
function corruptRows(
  tagger: Tagger,
  rows: Float32Array,
  { random, first }: { readonly random: Random; readonly first: number },
): tf.Tensor2D {
  const N = tagger.inputSize;
  const corrupted = Array.from({ length: rows.length / N }, (_, b) => {
    const row = tf.tensor2d(rows.subarray(b * N, (b + 1) * N), [1, N]);
    return tagger.noise.corrupt(row, random.fork('noise', first + b));
  });
  return tf.concat2d(corrupted, 0);
}
