import type { Batch, Dataset } from '@taggerjs/datasets';
import { checkOptionNames, TaggerError, weightedSum } from '@taggerjs/nn';
import { createRandom, type Random } from '@taggerjs/random';
import { calibrate, type Tagger } from '@taggerjs/tagger';
import * as tf from '@tensorflow/tfjs-core';

import { checkBatchSize, checkInputSize } from './check-data';
import { evaluate, EVALUATE_OPTIONS, type Evaluation, type EvaluateOptions } from './evaluation/evaluate';
import type { TrainEvent } from './loop/events';
import { labeledBatchSize, pairedBatches, targetsOf, type PairedBatch } from './loop/labeled-batches';
import { findNonFinite, findNonFiniteInput } from './loop/non-finite';
import { LOOP_OPTIONS, type EvaluationTimes, type LoopOptions } from './loop/loop-options';
import type { StepCosts } from './loop/step-gradients';
import { trainingLoop } from './loop/training-loop';

/** How a Tagger learns to classify in addition to grouping. */
export interface TaggerClassification {
  /** Examples to learn classes from. */
  readonly labeled: Dataset;
  /** Weight of the classification cost, above 0; that of the denoising cost is 1. @default 1 */
  readonly weight?: number;
  /** Labeled examples per batch. @default that of the unlabeled ones, at most all labeled examples */
  readonly batchSize?: number;
}

/** Options of {@link train}. */
export interface TrainOptions extends LoopOptions {
  /** The model; its parameters are trained in place. */
  readonly tagger: Tagger;
  /** Training data. */
  readonly dataset: Dataset;
  /** Data to evaluate on. @default no evaluation */
  readonly validation?: Dataset;
  /** Gradient checkpointing: recomputes each iteration in the backward pass, to save memory. @default false */
  readonly gradientCheckpointing?: boolean;
  /** Also learns the classes of labeled examples; requires a core that classifies. @default denoising only */
  readonly classification?: TaggerClassification;
  /**
   * How and how often to evaluate. Unlike `evaluate`, batch normalization uses the statistics of the evaluated batches by
   * default. With `statistics: 'calibrated'`, each evaluation starts with a calibration, a pass over all training data.
   */
  readonly evaluation?: EvaluateOptions & EvaluationTimes;
}

const OPTIONS: readonly (keyof TrainOptions)[] = [
  'tagger',
  'dataset',
  'validation',
  'gradientCheckpointing',
  'classification',
  'evaluation',
  ...LOOP_OPTIONS,
];

/**
 * Trains a Tagger to denoise: an async generator of events. The consumer drives it: training waits while an event is handled,
 * and stops when the consumer stops.
 *
 * With `classification`, each step also runs a batch of labeled examples, as a separate pass, so that batch statistics do
 * not mix. Its classification cost at the last iteration, times the weight, is added to the denoising cost of `dataset`.
 *
 * Every random number depends only on the seed and the step, so the same options give the same bits on the same backend.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is missing, unknown or out of range, or `resume` belongs to other
 *   options; `INVALID_SHAPE` if the data do not fit the model; `PARAMETER_MISMATCH` if `resume` belongs to another model;
 *   `NON_FINITE`, with step, iteration and tensor, if a cost or a gradient is NaN or infinite: the parameters are then those
 *   before the step
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, void, undefined> {
  checkOptionNames('train', options, OPTIONS);
  checkOptionNames('train: classification', options.classification ?? {}, ['labeled', 'weight', 'batchSize']);
  checkOptionNames('train: evaluation', options.evaluation ?? {}, [...EVALUATE_OPTIONS, 'everySteps', 'everySeconds']);
  const {
    tagger,
    dataset,
    validation,
    classification,
    batchSize = 100,
    seed = 0,
    gradientCheckpointing = false,
  } = options;
  const { evaluation = {} } = options;
  const labeled = classification && {
    dataset: classification.labeled,
    batchSize: labeledBatchSize('train', classification.labeled, classification.batchSize ?? batchSize),
    weight: checkWeight(classification.weight ?? 1),
  };
  for (const data of [dataset, validation, labeled?.dataset]) if (data) checkInputSize('train', tagger, data);
  checkBatchSize('train', dataset, batchSize);
  const classes = labeled ? classesOf(tagger) : 0;

  const costs = ({ batch, labeled: other }: PairedBatch, random: Random): StepCosts => {
    const run = ({ inputs, size }: Batch) => tf.tensor2d(inputs, [size, tagger.inputSize]);
    const { cost, iterations } = tagger.run(run(batch), { training: true, gradientCheckpointing, random });
    const denoising = iterations.map((iteration) => iteration.cost);
    if (!labeled || !other) return { cost, costs: denoising };
    const { classCost } = tagger.run(run(other), {
      training: true,
      gradientCheckpointing,
      random: random.fork('labelled'),
      targets: targetsOf(other, classes),
    });
    const classificationCost = classCost as tf.Scalar;
    return {
      cost: weightedSum([cost, classificationCost], [1, labeled.weight]),
      costs: denoising,
      classificationCost,
    };
  };

  const measure = async (): Promise<Evaluation> => {
    const { everySteps: _steps, everySeconds: _seconds, ...how } = evaluation;
    // Earlier statistics belong to earlier parameters.
    if (how.statistics === 'calibrated') {
      const { iterations = tagger.config.iterations, groups = tagger.config.groups } = how;
      await calibrate(tagger, dataset.batches({ batchSize, epochs: 1 }), { iterations, groups, seed });
    }
    return evaluate(tagger, validation as Dataset, { statistics: 'batch', ...how });
  };

  yield* trainingLoop<PairedBatch, Evaluation>(
    {
      where: 'train',
      model: {
        parameters: () => tagger.parameters(),
        state: () => tagger.state(),
        prepareState: (names) => tagger.core.prepareState?.(names),
      },
      examples: dataset.size,
      labeled: labeled ? { examples: labeled.dataset.size, batchSize: labeled.batchSize } : null,
      items: (from) => pairedBatches({ dataset, batchSize, seed, from, labeled }),
      findNonFiniteInput: ({ batch, labeled: other }) =>
        findNonFiniteInput(batch) ?? (other && findNonFiniteInput(other)),
      findNonFinite: ({ batch, labeled: other }, random) =>
        findNonFinite({ tagger, batch, ...(other && { labeled: other }), random }),
      costs,
      evaluate: validation && measure,
    },
    options,
  );
}

function checkWeight(weight: number): number {
  if (weight > 0 && weight < Infinity) return weight;
  throw new TaggerError('INVALID_OPTION', `train: classification.weight must be a number above 0, not ${weight}.`);
}

/** The number of classes of a Tagger, from a run on zeros. */
function classesOf(tagger: Tagger): number {
  return tf.tidy(() => {
    const x = tf.zeros<tf.Rank.R2>([2, tagger.inputSize]);
    const random = createRandom(0);
    const { classPosterior } = tagger.run(x, { random, iterations: 1, corrupt: false, statistics: 'batch' });
    if (classPosterior !== undefined) return classPosterior.shape[1];
    throw new TaggerError(
      'INVALID_OPTION',
      'train: classification requires a core that classifies, such as projected({ mapping: ladder({ sizes, classes }) }).',
    );
  });
}
