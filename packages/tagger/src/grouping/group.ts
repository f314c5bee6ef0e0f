import { argmaxGroups } from '@taggerjs/metrics';
import { checkOptionNames, TaggerError, type Statistics } from '@taggerjs/nn';
import { createRandom, type Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import type { Tagger } from '../model/tagger';

/** Options of {@link group}. */
export interface GroupOptions {
  /** Number of groups K, at most 256. @default the configuration's */
  readonly groups?: number;
  /** Number of iterations T. @default the configuration's */
  readonly iterations?: number;
  /** Seed or random stream of corruption and initial assignments. @default 0 */
  readonly seed?: number | string | Random;
  /** Whether to corrupt the inputs as in training. @default false */
  readonly corrupt?: boolean;
  /** Which statistics batch normalization uses. @default 'calibrated' */
  readonly statistics?: Statistics;
  /** Inputs at a time. Changes results only with `statistics: 'batch'`. @default 100 */
  readonly batchSize?: number;
  /**
   * Index of the first input in its dataset. Corruption and initial assignment of an input depend on its index, so this
   * groups a part of a dataset exactly as the complete dataset. @default 0
   */
  readonly firstExample?: number;
}

/** The groups of some inputs at one iteration, as plain arrays. */
export interface GroupingIteration {
  /** The winning group of each pixel, argmax_k m_k. [B, P] */
  readonly segments: Uint8Array;
  /** Predicted inputs z. [K, B, N] */
  readonly prediction: Float32Array;
  /** Assignments m, which the channels of a pixel share. [K, B, P] */
  readonly assignment: Float32Array;
  /** Denoising cost against the inputs, mean over inputs and elements, in nats. */
  readonly cost: number;
  /** Posterior over classes. Only at the last iteration, from cores that classify. [B, C] */
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
  /** C: channels of a pixel, so P = N/C. */
  readonly channels: number;
  /** What the model saw: the inputs, or their corruption. [B, N] */
  readonly corrupted: Float32Array;
  /** One entry per iteration. */
  readonly iterations: readonly GroupingIteration[];
}

const OPTIONS: readonly (keyof GroupOptions)[] = [
  'groups',
  'iterations',
  'seed',
  'corrupt',
  'statistics',
  'batchSize',
  'firstExample',
];

/**
 * Groups inputs: runs the TAG loop and returns plain arrays. Does not corrupt the inputs unless you ask for it.
 *
 * @param inputs [B, N] row-major, as an array or a tensor
 * @throws TaggerError `INVALID_SHAPE` if the inputs are not B times N values, `INVALID_OPTION` if an option is unknown or out
 *   of range; otherwise as {@link Tagger.iterate}. MetricsError `NON_FINITE` if an assignment is NaN, for example because an
 *   input is
 */
export async function group(
  tagger: Tagger,
  inputs: ArrayLike<number> | tf.Tensor2D,
  options: GroupOptions = {},
): Promise<Grouping> {
  checkOptionNames('group', options, OPTIONS);
  const { groups: K = tagger.config.groups, iterations: T = tagger.config.iterations, batchSize = 100 } = options;
  const { seed = 0, corrupt = false, statistics, firstExample = 0 } = options;
  const { inputSize: N, pixels: P } = tagger;
  const values = new Float32Array(inputs instanceof tf.Tensor ? await inputs.data() : inputs);
  const B = values.length / N;
  if (!Number.isInteger(B) || B < 1 || (inputs instanceof tf.Tensor && inputs.shape.at(-1) !== N)) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `group: ${values.length} values are not a multiple of the input size ${N} (shape [${tagger.config.inputShape}]). Pass ` +
        `B times ${N} values.`,
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
    segments: new Uint8Array(B * P),
    prediction: new Float32Array(K * B * N),
    assignment: new Float32Array(K * B * P),
    cost: 0,
    classPosterior: undefined as Float32Array | undefined,
  }));

  for (let first = 0; first < B; first += batchSize) {
    const size = Math.min(batchSize, B - first);
    const rows = values.subarray(first * N, (first + size) * N);
    const [clean, corrupted, output] = tf.tidy(() => {
      const clean = tf.tensor2d(rows, [size, N]);
      // Corrupted here and not in run(), to return what the model saw.
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
          const rows = (width: number) => [k * size * width, (k + 1) * size * width] as const;
          target.prediction.set(prediction.subarray(...rows(N)), (k * B + first) * N);
          target.assignment.set(assignment.subarray(...rows(P)), (k * B + first) * P);
        }
        target.segments.set(argmaxGroups(assignment, { groups: K }), first * P);
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
    channels: tagger.channels,
    corrupted: corruptedAll,
    iterations: all.map(({ classPosterior, ...rest }) => ({ ...rest, ...(classPosterior && { classPosterior }) })),
  };
}

/** Corrupts each input with its own random stream, whatever else is in the batch. @returns [B, N] */
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
