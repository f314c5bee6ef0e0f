import type { Batch, Dataset } from '@taggerjs/datasets';
import { TaggerError, weightedSum } from '@taggerjs/nn';
import { createRandom, type Random } from '@taggerjs/random';
import { calibrate, type Tagger } from '@taggerjs/tagger';
import * as tf from '@tensorflow/tfjs-core';

import { checkBatchSize, checkInputSize } from './check-data';
import { evaluate, type Evaluation, type EvaluateOptions } from './evaluation/evaluate';
import type { TrainEvent } from './loop/events';
import { labelledBatchSize, pairedBatches, targetsOf, type PairedBatch } from './loop/labelled-batches';
import { findNonFinite, findNonFiniteInput } from './loop/non-finite';
import { trainingLoop, type EvaluationTimes, type LoopOptions, type StepCosts } from './loop/training-loop';

/** How a Tagger learns to classify beside grouping. */
export interface TaggerClassification {
  /** The examples whose labels are learned from. */
  readonly labelled: Dataset;
  /** Weight of the classification cost beside the denoising cost, above 0. @default 1 */
  readonly weight?: number;
  /** Labelled examples of a batch. @default that of the unlabelled ones, at most all labelled examples */
  readonly batchSize?: number;
}

/** What {@link train} takes. */
export interface TrainOptions extends LoopOptions {
  /** The model; its parameters are trained in place. */
  readonly tagger: Tagger;
  /** Training data. */
  readonly dataset: Dataset;
  /** Data to evaluate on. Without it nothing is evaluated. */
  readonly validation?: Dataset;
  /** Gradient checkpointing: recomputes each iteration in the backward pass, to save memory. @default false */
  readonly gradientCheckpointing?: boolean;
  /** Learns the classes of some labelled examples too; the core must classify. @default denoising alone */
  readonly classification?: TaggerClassification;
  /**
   * How, and how often, to evaluate. Batch normalization takes the statistics of the batches evaluated on by default,
   * unlike in `evaluate`; with `statistics: 'calibrated'` each evaluation begins with a calibration, a pass over all
   * training data.
   */
  readonly evaluation?: EvaluateOptions & EvaluationTimes;
}

/**
 * Trains a Tagger to denoise: an asynchronous iterator of events. Nothing else drives it: the loop rests while its
 * consumer does, and ends with it.
 *
 * With `classification`, each step has a batch of labelled examples beside the one of `dataset`, in a pass of its own, so
 * that statistics of batches do not mix: the denoising cost is that of `dataset`, and to it is added, with its weight, the
 * classification cost of the labelled examples at the last iteration.
 *
 * Every random number comes from the seed and the step, none from what happened before, so that the same options give
 * the same bits on the same backend.
 *
 * @throws TaggerError `INVALID_OPTION` where an option is missing or out of range, or `resume` belongs to other options;
 *   `PARAMETER_MISMATCH` where `resume` belongs to another model; `NON_FINITE`, naming the step, iteration and tensor,
 *   where a cost or a gradient is NaN or infinite: the parameters are then those before the step
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, void, undefined> {
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
  const labelled = classification && {
    dataset: classification.labelled,
    batchSize: labelledBatchSize('train', classification.labelled, classification.batchSize ?? batchSize),
    weight: checkWeight(classification.weight ?? 1),
  };
  for (const data of [dataset, validation, labelled?.dataset]) if (data) checkInputSize('train', tagger, data);
  checkBatchSize('train', dataset, batchSize);
  const classes = labelled ? classesOf(tagger) : 0;

  const costs = ({ batch, labelled: other }: PairedBatch, random: Random): StepCosts => {
    const run = ({ inputs, size }: Batch) => tf.tensor2d(inputs, [size, tagger.inputSize]);
    const { cost, iterations } = tagger.run(run(batch), { training: true, gradientCheckpointing, random });
    const denoising = iterations.map((iteration) => iteration.cost);
    if (!labelled || !other) return { cost, costs: denoising };
    const { classCost } = tagger.run(run(other), {
      training: true,
      gradientCheckpointing,
      random: random.fork('labelled'),
      targets: targetsOf(other, classes),
    });
    const classificationCost = classCost as tf.Scalar;
    return {
      cost: weightedSum([cost, classificationCost], [1, labelled.weight]),
      costs: denoising,
      classificationCost,
    };
  };

  const measure = async (): Promise<Evaluation> => {
    const { everySteps: _steps, everySeconds: _seconds, ...how } = evaluation;
    // The statistics of an evaluation ago are those of other parameters.
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
      labelled: labelled ? { examples: labelled.dataset.size, batchSize: labelled.batchSize } : null,
      items: (from) => pairedBatches({ dataset, batchSize, seed, from, labelled }),
      findNonFiniteInput: ({ batch, labelled: other }) =>
        findNonFiniteInput(batch) ?? (other && findNonFiniteInput(other)),
      findNonFinite: ({ batch, labelled: other }, random) =>
        findNonFinite({ tagger, batch, ...(other && { labelled: other }), random }),
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

/** The number of classes that a Tagger tells apart: a run on nothing shows it. */
function classesOf(tagger: Tagger): number {
  return tf.tidy(() => {
    const x = tf.zeros<tf.Rank.R2>([2, tagger.inputSize]);
    const random = createRandom(0);
    const { classPosterior } = tagger.run(x, { random, iterations: 1, corrupt: false, statistics: 'batch' });
    if (classPosterior !== undefined) return classPosterior.shape[1];
    throw new TaggerError(
      'INVALID_OPTION',
      'train: classification needs a core that gives class probabilities, such as projected({ mapping: ladder({ sizes, ' +
        'classes }) }); this one gives none.',
    );
  });
}
