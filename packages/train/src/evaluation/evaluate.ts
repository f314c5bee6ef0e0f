import type { Dataset } from '@taggerjs/datasets';
import {
  classificationError,
  confusionMatrix,
  groupUsage,
  objectDiscoveryScores,
  segmentationScores,
} from '@taggerjs/metrics';
import { checkOptionNames, TaggerError, type Statistics } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import { group, type Grouping, type Tagger } from '@taggerjs/tagger';

import { addMatrices } from './add-matrices';
import { checkInputSize } from '../check-data';

/** Options of {@link evaluate}. */
export interface EvaluateOptions {
  /** Index of the first example. Every example is corrupted the same, whichever is first. @default 0 */
  readonly first?: number;
  /** Number of examples, starting with the first. @default all */
  readonly examples?: number;
  /** Examples at a time. @default 100 */
  readonly batchSize?: number;
  /** Number of iterations T. @default the model's */
  readonly iterations?: number;
  /** Number of groups K. @default the model's */
  readonly groups?: number;
  /** Seed of corruption and initial assignments. @default 0 */
  readonly seed?: number | string;
  /** Which statistics batch normalization uses. @default 'calibrated' */
  readonly statistics?: Statistics;
  /** Number of leading examples whose groups to return, to draw them. @default 0 */
  readonly figureExamples?: number;
  /** Whether to return the AMI of every example. @default false */
  readonly scoreExamples?: boolean;
}

/** How well a Tagger performs at one iteration. */
export interface IterationScores {
  /** Iteration of the TAG loop, 1-based. */
  readonly iteration: number;
  /** Denoising cost on corrupted inputs, mean over examples and elements, in nats. */
  readonly cost: number;
  /**
   * Adjusted mutual information (normalized by the larger entropy) of argmax m and the true segments, on uncorrupted
   * inputs, mean over examples. Absent for data without segments.
   */
  readonly ami?: number;
  /**
   * Adjusted Rand index with the background as a segment, on uncorrupted inputs, mean over examples. This and the next three
   * are absent for data that do not say what is background.
   */
  readonly ari?: number;
  /** Foreground ARI (ARI-FG): the adjusted Rand index without the background. */
  readonly ariForeground?: number;
  /** Mean best overlap (mBO) of the objects with the groups. */
  readonly mbo?: number;
  /** Mean segmentation covering (mSC) of the objects and the background by the groups. */
  readonly msc?: number;
  /** Number of groups that win at least 1 % of the elements, mean over examples, uncorrupted: 1 is a collapse. */
  readonly groupsUsed: number;
  /** Entropy of m, mean over elements, uncorrupted, in nats: log K if m is uniform, 0 if every assignment is hard. */
  readonly entropy: number;
}

/** One example and its groups as plain arrays: what `groupFigure` of `@taggerjs/viz` draws. */
export interface GroupedExample {
  /** Clean input, [N]. */
  readonly input: Float32Array;
  /** What the model saw, [N]. */
  readonly corrupted: Float32Array;
  /** True segments, [P], if the data has them. */
  readonly segments?: Uint8Array;
  /** Labels of its objects, if the data has them. */
  readonly labels?: Uint8Array;
  /** Posterior over classes at the last iteration, [C]. From models that classify. */
  readonly classPosterior?: Float32Array;
  /** One entry per iteration. */
  readonly iterations: readonly {
    /** z of each group, [K, N]. */
    readonly prediction: Float32Array;
    /** m of each group, [K, P]. */
    readonly assignment: Float32Array;
    /** Adjusted mutual information of this grouping, which is of the corrupted input. */
    readonly ami?: number;
  }[];
}

/** What {@link evaluate} returns. */
export interface Evaluation {
  /** Number of examples. */
  readonly examples: number;
  /** One entry per iteration. */
  readonly iterations: readonly IterationScores[];
  /**
   * Fraction of the objects whose class is not found at the last iteration, uncorrupted, as `classificationError` of
   * `@taggerjs/metrics` counts it. From models that classify, on data with labels.
   */
  readonly classificationError?: number;
  /** Confusion matrix, as `confusionMatrix` of `@taggerjs/metrics` counts it. Present with the classification error. */
  readonly confusion?: readonly (readonly number[])[];
  /** Seconds it took. */
  readonly seconds: number;
  /** The first `figureExamples` examples and their groups, computed from corrupted inputs. */
  readonly figure: readonly GroupedExample[];
  /**
   * AMI of each example at the last iteration, computed from corrupted inputs as in `figure`. If `scoreExamples` is set and
   * the data has segments.
   */
  readonly exampleAmis?: readonly number[];
}

const DISCOVERY = ['ari', 'ariForeground', 'mbo', 'msc'] as const;

/** The names of {@link EvaluateOptions}. */
export const EVALUATE_OPTIONS: readonly (keyof EvaluateOptions)[] = [
  'first',
  'examples',
  'batchSize',
  'iterations',
  'groups',
  'seed',
  'statistics',
  'figureExamples',
  'scoreExamples',
];

/**
 * Measures how well a Tagger denoises and groups: the denoising cost on corrupted inputs and the adjusted mutual information
 * (AMI) on uncorrupted ones, by iteration. With the same seed, each example gets the same corruption and initial assignment
 * for every batch size.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is unknown or out of range; `INVALID_SHAPE` if the examples do not fit the
 *   model; `NOT_CALIBRATED` if batch normalization has no statistics yet
 */
export async function evaluate(tagger: Tagger, dataset: Dataset, options: EvaluateOptions = {}): Promise<Evaluation> {
  checkOptionNames('evaluate', options, EVALUATE_OPTIONS);
  const { batchSize = 100, iterations: T = tagger.config.iterations, groups: K = tagger.config.groups } = options;
  const { seed = 0, statistics, figureExamples = 0, first: start = 0 } = options;
  for (const [name, value, least] of [
    ['batchSize', batchSize, 1],
    ['first', start, 0],
    ['examples', options.examples, 1],
    ['iterations', T, 1],
    ['figureExamples', figureExamples, 0],
  ] as const) {
    if (value !== undefined && (!Number.isInteger(value) || value < least)) {
      throw new TaggerError(
        'INVALID_OPTION',
        `evaluate: ${name} must be an integer of at least ${least}, not ${value}.`,
      );
    }
  }
  checkInputSize('evaluate', tagger, dataset);
  if (start >= dataset.size) {
    throw new TaggerError(
      'INVALID_OPTION',
      `evaluate: first must be an index from 0 to ${dataset.size - 1}, not ${start}.`,
    );
  }
  const end = Math.min(start + (options.examples ?? dataset.size), dataset.size);
  const examples = end - start;
  const started = performance.now();
  const random = createRandom(seed);
  const sums = Array.from({ length: T }, () => ({
    ...{ cost: 0, ami: 0, groupsUsed: 0, entropy: 0 },
    ...{ ari: 0, ariForeground: 0, mbo: 0, msc: 0 },
  }));
  const figure: GroupedExample[] = [];
  const exampleAmis: number[] = [];
  let scored = false;
  let discovered = false;
  let missed: number | undefined;
  let confusion: number[][] | undefined;

  for (let first = start; first < end; first += batchSize) {
    const size = Math.min(batchSize, end - first);
    const batch = await dataset.examples(Uint32Array.from({ length: size }, (_, i) => first + i));
    const how = {
      groups: K,
      iterations: T,
      batchSize: size,
      seed: random,
      firstExample: first,
      ...(statistics && { statistics }),
    };
    const clean = await group(tagger, batch.inputs, how);
    const corrupted = await group(tagger, batch.inputs, { ...how, corrupt: true });
    const truth = batch.segments && batch.background && withBackground(batch.segments, batch.background);

    for (const [i, sum] of sums.entries()) {
      const { segments, assignment } = clean.iterations[i] as Grouping['iterations'][number];
      sum.cost += size * (corrupted.iterations[i] as Grouping['iterations'][number]).cost;
      const usage = groupUsage(assignment, { groups: K, size });
      sum.groupsUsed += size * usage.groupsUsed;
      sum.entropy += size * usage.entropy;
      if (batch.segments) {
        scored = true;
        for (const ami of segmentationScores(batch.segments, segments, { size })) sum.ami += ami;
      }
      if (truth) {
        discovered = true;
        const scores = objectDiscoveryScores(truth, segments, { size, background: BACKGROUND });
        for (const measure of DISCOVERY) for (const score of scores[measure]) sum[measure] += score;
      }
    }
    const { classPosterior } = clean.iterations[T - 1] as Grouping['iterations'][number];
    if (classPosterior && batch.labels) {
      missed = (missed ?? 0) + size * classificationError(classPosterior, batch.labels, { size });
      confusion = addMatrices(confusion, confusionMatrix(classPosterior, batch.labels, { size }));
    }
    if (options.scoreExamples && batch.segments) {
      const { segments } = corrupted.iterations[T - 1] as Grouping['iterations'][number];
      exampleAmis.push(...segmentationScores(batch.segments, segments, { size }));
    }
    for (let e = 0; e < size && figure.length < figureExamples; e++) {
      figure.push(groupedExample(corrupted, batch, e));
    }
  }

  return {
    examples,
    iterations: sums.map(({ cost, ami, groupsUsed, entropy, ari, ariForeground, mbo, msc }, i) => ({
      iteration: i + 1,
      cost: cost / examples,
      ...(scored && { ami: ami / examples }),
      ...(discovered && {
        ...{ ari: ari / examples, ariForeground: ariForeground / examples },
        ...{ mbo: mbo / examples, msc: msc / examples },
      }),
      groupsUsed: groupsUsed / examples,
      entropy: entropy / examples,
    })),
    ...(missed !== undefined && { classificationError: missed / examples }),
    ...(confusion && { confusion }),
    seconds: (performance.now() - started) / 1000,
    figure,
    ...(exampleAmis.length > 0 && { exampleAmis }),
  };
}

/** The number of the background among true segments, which are bytes. */
const BACKGROUND = 256;

/** The true segments with the background as one of them, also where the AMI ignores it. */
function withBackground(segments: Uint8Array, background: Uint8Array): Uint16Array {
  return Uint16Array.from(segments, (segment, i) => (background[i] === 1 ? BACKGROUND : segment));
}

/** Cuts one example out of a grouping. */
function groupedExample(
  grouping: Grouping,
  batch: { readonly inputs: Float32Array; readonly segments?: Uint8Array; readonly labels?: Uint8Array },
  example: number,
): GroupedExample {
  const { groups: K, size: B } = grouping;
  // [B, any] -> [any]
  const of = <T extends Float32Array | Uint8Array>(rows: T) =>
    rows.slice((example * rows.length) / B, ((example + 1) * rows.length) / B) as T;
  // [K, B, any] -> [K, any]
  const ofGroups = (values: Float32Array) => {
    const N = values.length / (K * B);
    const cut = new Float32Array(K * N);
    for (let k = 0; k < K; k++) {
      const row = (k * B + example) * N;
      cut.set(values.subarray(row, row + N), k * N);
    }
    return cut;
  };
  const truth = batch.segments && of(batch.segments);
  const posterior = grouping.iterations.at(-1)?.classPosterior;
  return {
    input: of(batch.inputs),
    corrupted: of(grouping.corrupted),
    ...(truth && { segments: truth }),
    ...(batch.labels && { labels: of(batch.labels) }),
    ...(posterior && { classPosterior: of(posterior) }),
    iterations: grouping.iterations.map(({ prediction, assignment, segments }) => ({
      prediction: ofGroups(prediction),
      assignment: ofGroups(assignment),
      ...(truth && { ami: segmentationScores(truth, of(segments), { size: 1 })[0] as number }),
    })),
  };
}
