import type { Batch, Dataset } from '@taggerjs/datasets';
import { countValues, TaggerError } from '@taggerjs/nn';
import { createRandom, type Random } from '@taggerjs/random';
import { calibrate, type Tagger } from '@taggerjs/tagger';
import * as tf from '@tensorflow/tfjs-core';

import { createAdam, type AdamOptions } from './adam';
import { evaluate, type EvaluateOptions } from './evaluate';
import type { TrainEvent } from './events';
import { clipByGlobalNorm, globalNorm, gradientsOf } from './gradients';
import { createSchedule, type ScheduleOptions } from './schedule';
import { createWeightAverage } from './weight-average';

/** What {@link train} takes. */
export interface TrainOptions {
  /** The model; its parameters are trained in place. */
  readonly tagger: Tagger;
  /** Training data. */
  readonly dataset: Dataset;
  /** Data to evaluate on. Without it nothing is evaluated. */
  readonly validation?: Dataset;
  /** Number of steps; or give `epochs`, or `maxSeconds`. */
  readonly steps?: number;
  /** Number of epochs, of whole batches. */
  readonly epochs?: number;
  /** Seconds after which no further step begins. */
  readonly maxSeconds?: number;
  /** Examples of a batch. @default 100 */
  readonly batchSize?: number;
  /** Seed of the order of the data, the corruption and the initial assignments. @default 0 */
  readonly seed?: number | string;
  /** Learning rate of Adam, the schedule's base. @default 1e-3 */
  readonly learningRate?: number;
  /** Adam's other settings. */
  readonly adam?: AdamOptions;
  /** How the learning rate moves. @default constant */
  readonly schedule?: Omit<ScheduleOptions, 'learningRate' | 'steps'>;
  /** Largest norm of the gradients, above 0, beyond which they are scaled down; null for none. @default null */
  readonly clipNorm?: number | null;
  /** Exponential moving average of the weights, which evaluation uses and training ends with; null for none. @default null */
  readonly averaging?: { readonly decay: number } | null;
  /** Whether to compute iterations again in the backward pass instead of keeping them: memory for time. @default false */
  readonly recompute?: boolean;
  /**
   * How, and how often, to evaluate. Batch normalization takes the statistics of the batches evaluated on by default,
   * unlike in `evaluate`; with `statistics: 'calibrated'` each evaluation begins with a calibration, a pass over all
   * training data.
   */
  readonly evaluation?: EvaluateOptions & {
    /** Steps between evaluations; before the first step and after the last there is one anyway. @default none */
    readonly everySteps?: number;
    /** Seconds between evaluations. @default none */
    readonly everySeconds?: number;
  };
  /** Ends training after the step at hand. */
  readonly signal?: AbortSignal;
}

/**
 * Trains a Tagger to denoise: an asynchronous iterator of events. Nothing else drives it: the loop rests while its
 * consumer does, and ends with it.
 *
 * Every random number comes from the seed and the step, none from what happened before, so that the same options give
 * the same bits on the same backend.
 *
 * @throws TaggerError `INVALID_OPTION` where an option is missing or out of range; `NON_FINITE`, naming the step,
 *   where a cost or a gradient is NaN or infinite: the parameters are then those before the step
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, void, undefined> {
  const { tagger, dataset, validation, batchSize = 100, seed = 0, learningRate = 1e-3, signal } = options;
  const { clipNorm = null, averaging = null, evaluation = {}, maxSeconds = Infinity, recompute = false } = options;
  const stepsPerEpoch = Math.floor(dataset.size / batchSize);
  checkData(tagger, dataset, batchSize);
  checkPositive({ clipNorm, everySteps: evaluation.everySteps, everySeconds: evaluation.everySeconds });
  const steps = numberOfSteps(options, stepsPerEpoch);

  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const epochOf = (step: number) => step / stepsPerEpoch;
  const random = createRandom(seed).fork('train');
  const rateAt = createSchedule({ type: 'constant', ...options.schedule, learningRate, steps });
  const parameters = tagger.parameters();
  const adam = createAdam(parameters, options.adam);
  const average = averaging && createWeightAverage(parameters, averaging);

  const measure = async (step: number, phase: 'before' | 'during' | 'after'): Promise<TrainEvent> => {
    const { everySteps: _steps, everySeconds: _seconds, ...how } = evaluation;
    const measured = async () => {
      // The statistics of an evaluation ago are those of other parameters.
      if (how.statistics === 'calibrated') {
        const { iterations = tagger.config.iterations, groups = tagger.config.groups } = how;
        await calibrate(tagger, dataset.batches({ batchSize, epochs: 1 }), { iterations, groups, seed });
      }
      return evaluate(tagger, validation as Dataset, { statistics: 'batch', ...how });
    };
    const result = average ? await average.use(measured) : await measured();
    return { type: 'evaluation', step, epoch: epochOf(step), phase, evaluation: result, seconds: seconds() };
  };

  try {
    yield { type: 'start', parameters: countValues(parameters), step: 0, steps, stepsPerEpoch };
    if (validation) yield await measure(0, 'before');

    let step = 0;
    let reason: 'steps' | 'time' | 'aborted' = 'steps';
    let evaluated = { step: 0, seconds: seconds() };
    let rested = performance.now();

    for await (const batch of dataset.batches({ batchSize, seed, from: 0 })) {
      if (step >= steps) break;
      if (signal?.aborted) reason = 'aborted';
      else if (seconds() >= maxSeconds) reason = 'time';
      if (reason !== 'steps') break;

      const rate = rateAt(step);
      const { cost, costs, gradientNorm } = await takeStep(batch, step, rate);
      average?.update();
      step += 1;
      yield {
        type: 'step',
        step,
        epoch: epochOf(step),
        cost,
        costs,
        learningRate: rate,
        gradientNorm,
        seconds: seconds(),
      };

      const { everySteps = Infinity, everySeconds = Infinity } = evaluation;
      const due = step - evaluated.step >= everySteps || seconds() - evaluated.seconds >= everySeconds;
      if (validation && due && step < steps) {
        yield await measure(step, 'during');
        evaluated = { step, seconds: seconds() };
      }
      // Timers, signals and key presses want their turn; microtasks alone never give it.
      if (performance.now() - rested > 50) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        rested = performance.now();
      }
    }

    if (validation) yield await measure(step, 'after');
    if (average) {
      const averages = average.state();
      for (const [name, parameter] of Object.entries(parameters)) {
        tf.tidy(() => parameter.assign((averages[name] as tf.Variable).clone()));
      }
    }
    yield { type: 'end', step, epoch: epochOf(step), reason, seconds: seconds() };
  } finally {
    adam.dispose();
    average?.dispose();
  }

  async function takeStep(batch: Batch, step: number, rate: number) {
    const x = tf.tensor2d(batch.inputs, [batch.size, tagger.inputSize]);
    const iterationCosts: tf.Scalar[] = [];
    const held: tf.TensorContainer[] = [x, iterationCosts];
    try {
      const { cost, gradients } = gradientsOf(() => {
        const output = tagger.run(x, { training: true, recompute, random: stepRandom(random, step) });
        // Kept, since the scope of the gradients ends before they are read.
        for (const iteration of output.iterations) iterationCosts.push(tf.keep(iteration.cost));
        return output.cost;
      }, parameters);
      held.push(cost, gradients);
      const norm = clipNorm === null ? globalNorm(gradients) : clipByGlobalNorm(gradients, clipNorm);
      held.push(norm);

      const costs: number[] = [];
      for (const scalar of iterationCosts) costs.push((await scalar.data())[0] as number);
      const value = (await cost.data())[0] as number;
      const gradientNorm = (await norm.data())[0] as number;
      assertFinite(step, value, costs, gradientNorm);
      adam.update(gradients, rate);
      return { cost: value, costs, gradientNorm };
    } finally {
      tf.dispose(held);
    }
  }
}

/** The random numbers of a step: a function of the seed and the step alone. */
function stepRandom(random: Random, step: number): Random {
  return random.fork('step', step);
}

function numberOfSteps({ steps, epochs, maxSeconds }: TrainOptions, stepsPerEpoch: number): number {
  checkPositive({ steps, epochs, maxSeconds });
  if (steps === undefined && epochs === undefined && maxSeconds === undefined) {
    throw new TaggerError('INVALID_OPTION', 'train: give steps, epochs or maxSeconds, so that training ends.');
  }
  const stepsOfEpochs = epochs === undefined ? Infinity : Math.max(1, Math.round(epochs * stepsPerEpoch));
  return Math.min(steps ?? Infinity, stepsOfEpochs);
}

/** Refuses options that are given and not above 0. */
function checkPositive(options: Readonly<Record<string, number | null | undefined>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && value !== null && !(value > 0)) {
      throw new TaggerError('INVALID_OPTION', `train: ${name} must be positive, not ${value}.`);
    }
  }
}

function checkData(tagger: Tagger, dataset: Dataset, batchSize: number): void {
  const size = dataset.inputShape.reduce((product, side) => product * side, 1);
  if (size !== tagger.inputSize) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `train: the examples of '${dataset.name}' have shape [${dataset.inputShape}] (${size} values), the model takes ` +
        `[${tagger.config.inputShape}] (${tagger.inputSize}).`,
    );
  }
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > dataset.size) {
    throw new TaggerError(
      'INVALID_OPTION',
      `train: batchSize must be an integer from 1 to the size of '${dataset.name}', ${dataset.size}, not ${batchSize}.`,
    );
  }
}

function assertFinite(step: number, cost: number, costs: readonly number[], gradientNorm: number): void {
  const iteration = costs.findIndex((value) => !Number.isFinite(value));
  if (Number.isFinite(cost) && iteration < 0 && Number.isFinite(gradientNorm)) return;
  const what =
    iteration >= 0
      ? `the denoising cost of iteration ${iteration + 1} is ${costs[iteration]}`
      : Number.isFinite(cost)
        ? `the norm of the gradients is ${gradientNorm}`
        : `the cost is ${cost}`;
  throw new TaggerError(
    'NON_FINITE',
    `train: at step ${step + 1} ${what}. The parameters are those before the step. Lower the learning rate, clip ` +
      'gradients (clipNorm), or look for NaN in the data.',
  );
}
