import { countValues, TaggerError } from '@taggerjs/nn';
import { createRandom, type Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { createAdam, type AdamOptions } from '../optimizer/adam';
import type { TrainEvent } from './events';
import { clipByGlobalNorm, globalNorm, gradientsOf } from '../optimizer/gradients';
import { nonFiniteError, type NonFinite } from './non-finite';
import { createSchedule, type ScheduleOptions } from '../optimizer/schedule';
import { checkResumable, readDeviceState, restoreDeviceState, type TrainingState } from '../checkpoint/training-state';
import { createEma, type EmaOptions } from '../optimizer/ema';
import type { TrainedModel } from '../trained-model';

/** What every training takes, whatever it trains. */
export interface LoopOptions {
  /** Number of steps; or give `epochs`, or `maxSeconds`. */
  readonly steps?: number;
  /** Number of epochs, of whole batches. */
  readonly epochs?: number;
  /** Seconds after which no further step begins; those before a resumption count. */
  readonly maxSeconds?: number;
  /** Examples of a batch. @default 100 */
  readonly batchSize?: number;
  /** Seed of the order of the data and of all other random numbers. @default 0 */
  readonly seed?: number | string;
  /** Learning rate of Adam, the schedule's base. @default 1e-3 */
  readonly learningRate?: number;
  /** Adam's other settings. */
  readonly adam?: AdamOptions;
  /** How the learning rate moves. @default constant */
  readonly schedule?: Omit<ScheduleOptions, 'learningRate' | 'steps'>;
  /** Largest norm of the gradients, above 0, beyond which they are scaled down; null for none. @default null */
  readonly clipNorm?: number | null;
  /** Exponential moving average (EMA) of the weights, which evaluation uses and training ends with; null for none. @default null */
  readonly ema?: EmaOptions | null;
  /**
   * Number of steps, in all, that may be skipped because a cost or a gradient is not finite: such a step takes its batch
   * and its random numbers, but changes no parameter. @default 0
   */
  readonly skipNonFinite?: number;
  /**
   * Goes on from a state that the `state` of an earlier training's `'start'` event gave. With the same options on the
   * same backend, all that follows has the same bits as if the training had never stopped; `steps`, `epochs` and
   * `maxSeconds` count from the very beginning. @default a new training
   */
  readonly resume?: TrainingState;
  /** Ends training after the step at hand. */
  readonly signal?: AbortSignal;
}

/** When to evaluate; before the first step and after the last there is an evaluation anyway. */
export interface EvaluationTimes {
  /** Steps between evaluations. @default none */
  readonly everySteps?: number;
  /** Seconds between evaluations. @default none */
  readonly everySeconds?: number;
}

/** What a step minimizes, and what it reports. */
export interface StepCosts {
  /** What is minimized. */
  readonly cost: tf.Scalar;
  /** Denoising costs, by iteration or layer. */
  readonly costs: readonly tf.Scalar[];
  /** The classification cost, without its weight, where there is one. */
  readonly classificationCost?: tf.Scalar;
}

/** What is trained, on what. `Item` is what a step is given, `Result` what an evaluation measures. */
export interface TrainingTask<Item, Result> {
  /** The function that was called, for error messages. */
  readonly where: string;
  /** What is trained in place. */
  readonly model: TrainedModel;
  /** Number of training examples. */
  readonly examples: number;
  /** The labelled examples, where there are some apart. */
  readonly labelled: TrainingState['labelled'];
  /** What the steps are given, from a step on: the same at every call. */
  items(from: number): AsyncIterable<Item>;
  /** The first input that is not finite, where there is one. */
  findNonFiniteInput(item: Item): NonFinite | undefined;
  /** Does a step again to find what first was not finite in it. */
  findNonFinite(item: Item, random: () => Random): Promise<NonFinite>;
  /** The costs of a step, within the scope of the gradients. */
  costs(item: Item, random: Random): StepCosts;
  /** Measures the model; undefined where nothing is to be measured. */
  readonly evaluate: (() => Promise<Result>) | undefined;
}

/**
 * The training loop, of whatever is trained: an asynchronous iterator of events. Nothing else drives it: the loop rests
 * while its consumer does, and ends with it.
 *
 * Every random number comes from the seed and the step, none from what happened before, so that the same options give
 * the same bits on the same backend.
 *
 * @throws TaggerError `INVALID_OPTION` where an option is missing or out of range, or `resume` belongs to other options;
 *   `PARAMETER_MISMATCH` where `resume` belongs to another model; `NON_FINITE`, naming the step and the tensor, where a
 *   cost or a gradient is NaN or infinite: the parameters are then those before the step
 */
export async function* trainingLoop<Item, Result>(
  task: TrainingTask<Item, Result>,
  options: LoopOptions & { readonly evaluation?: EvaluationTimes },
): AsyncGenerator<TrainEvent<Result>, void, undefined> {
  const { where, model } = task;
  const { batchSize = 100, seed = 0, learningRate = 1e-3, signal } = options;
  const { clipNorm = null, ema: emaOptions = null, evaluation = {}, maxSeconds = Infinity } = options;
  const { skipNonFinite = 0, resume } = options;
  const stepsPerEpoch = Math.floor(task.examples / batchSize);
  const { everySteps = Infinity, everySeconds = Infinity } = evaluation;
  checkPositive(where, { clipNorm, everySteps, everySeconds });
  if (!Number.isInteger(skipNonFinite) || skipNonFinite < 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${where}: skipNonFinite must be a whole number of at least 0, not ${skipNonFinite}.`,
    );
  }
  const steps = numberOfSteps(where, options, stepsPerEpoch);
  const identity = { seed, batchSize, examples: task.examples, labelled: task.labelled };
  if (resume) checkResumable(where, resume, { ...identity, ema: emaOptions !== null });

  const started = performance.now();
  const seconds = () => (resume?.seconds ?? 0) + (performance.now() - started) / 1000;
  const epochOf = (step: number) => step / stepsPerEpoch;
  const random = createRandom(seed).fork('train');
  const rateAt = createSchedule({ type: 'constant', ...options.schedule, learningRate, steps });
  const parameters = model.parameters();
  const adam = createAdam(parameters, options.adam);
  const ema = emaOptions && orDisposeOf(adam, () => createEma(parameters, emaOptions));
  const parts = { model, optimizer: adam, ema };
  let step = resume?.step ?? 0;
  let skipped = resume?.skipped ?? 0;
  let evaluated = resume?.evaluated ?? null;
  let readable = true;

  const state = async (): Promise<TrainingState> => {
    if (!readable) {
      throw new TaggerError(
        'INVALID_OPTION',
        `${where}: the state can be taken while an event is handled, until the one of the end, and not in an evaluation.`,
      );
    }
    const counts = { step, seconds: seconds(), skipped, evaluated };
    return { ...counts, ...identity, ...(await readDeviceState(parts)) };
  };

  const measure = async (phase: 'before' | 'during' | 'after'): Promise<TrainEvent<Result>> => {
    const measured = task.evaluate as () => Promise<Result>;
    // Meanwhile the parameters hold the averaged weights.
    readable = false;
    const result = ema ? await ema.use(measured) : await measured();
    readable = true;
    if (phase !== 'after') evaluated = { step, seconds: seconds() };
    return { type: 'evaluation', step, epoch: epochOf(step), phase, evaluation: result, seconds: seconds() };
  };

  try {
    if (resume) restoreDeviceState(parts, resume);
    yield { type: 'start', parameters: countValues(parameters), step, steps, stepsPerEpoch, state };

    const isDue = () => {
      const last = evaluated ?? { step: 0, seconds: 0 };
      return step - last.step >= everySteps || seconds() - last.seconds >= everySeconds;
    };
    if (task.evaluate && step === 0 && evaluated === null) yield await measure('before');
    // A state that was taken at a step, before the evaluation which that step called for.
    else if (task.evaluate && step < steps && isDue()) yield await measure('during');

    let reason: 'steps' | 'time' | 'aborted' = 'steps';
    let rested = performance.now();

    for await (const item of task.items(step)) {
      if (step >= steps) break;
      if (signal?.aborted) reason = 'aborted';
      else if (seconds() >= maxSeconds) reason = 'time';
      if (reason !== 'steps') break;

      const rate = rateAt(step);
      const taken = await takeStep(item, rate);
      if (taken) yield { type: 'step', step, epoch: epochOf(step), ...taken, learningRate: rate, seconds: seconds() };
      else {
        const found = await task.findNonFinite(item, () => stepRandom(random, step));
        if (skipped >= skipNonFinite) throw nonFiniteError(where, step + 1, found, skipped);
        skipped += 1;
        step += 1;
        yield { type: 'skip', step, epoch: epochOf(step), ...found, skipped, seconds: seconds() };
      }

      if (task.evaluate && step < steps && isDue()) yield await measure('during');
      // Timers, signals and key presses want their turn; microtasks alone never give it.
      if (performance.now() - rested > 50) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        rested = performance.now();
      }
    }

    if (reason === 'aborted') yield { type: 'interrupt', step, epoch: epochOf(step), seconds: seconds() };
    if (task.evaluate) yield await measure('after');
    readable = false;
    if (ema) {
      const averages = ema.state();
      for (const [name, parameter] of Object.entries(parameters)) {
        tf.tidy(() => parameter.assign((averages[name] as tf.Variable).clone()));
      }
    }
    yield { type: 'end', step, epoch: epochOf(step), reason, seconds: seconds() };
  } finally {
    readable = false;
    adam.dispose();
    ema?.dispose();
  }

  /** One step; undefined where something in it is not finite: then nothing has changed. */
  async function takeStep(item: Item, rate: number) {
    // Some inputs that are not finite leave the cost finite: a noise model may clip them.
    if (task.findNonFiniteInput(item)) return undefined;
    const reported: tf.Scalar[] = [];
    const held: tf.TensorContainer[] = [reported];
    let classifies = false;
    try {
      const { cost, gradients } = gradientsOf(() => {
        const { cost, costs, classificationCost } = task.costs(item, stepRandom(random, step));
        classifies = classificationCost !== undefined;
        // Kept, since the scope of the gradients ends before they are read.
        for (const scalar of [...costs, ...(classificationCost ? [classificationCost] : [])]) {
          reported.push(tf.keep(scalar));
        }
        return cost;
      }, parameters);
      held.push(cost, gradients);
      const norm = clipNorm === null ? globalNorm(gradients) : clipByGlobalNorm(gradients, clipNorm);
      held.push(norm);

      const costs: number[] = [];
      for (const scalar of reported) costs.push((await scalar.data())[0] as number);
      const value = (await cost.data())[0] as number;
      const gradientNorm = (await norm.data())[0] as number;
      if (![value, gradientNorm, ...costs].every(Number.isFinite)) return undefined;
      // Nothing may come in between: the state is whole at every moment.
      adam.update(gradients, rate);
      ema?.update();
      step += 1;
      const classificationCost = classifies ? (costs.pop() as number) : undefined;
      return { cost: value, costs, ...(classificationCost !== undefined && { classificationCost }), gradientNorm };
    } finally {
      tf.dispose(held);
    }
  }
}

/** What `make` returns; where it throws, what was made before is not left behind. */
function orDisposeOf<T>(before: { dispose(): void }, make: () => T): T {
  try {
    return make();
  } catch (error) {
    before.dispose();
    throw error;
  }
}

/** The random numbers of a step: a function of the seed and the step alone. */
function stepRandom(random: Random, step: number): Random {
  return random.fork('step', step);
}

function numberOfSteps(where: string, { steps, epochs, maxSeconds }: LoopOptions, stepsPerEpoch: number): number {
  checkPositive(where, { steps, epochs, maxSeconds });
  if (steps === undefined && epochs === undefined && maxSeconds === undefined) {
    throw new TaggerError('INVALID_OPTION', `${where}: give steps, epochs or maxSeconds, so that training ends.`);
  }
  const stepsOfEpochs = epochs === undefined ? Infinity : Math.max(1, Math.round(epochs * stepsPerEpoch));
  return Math.min(steps ?? Infinity, stepsOfEpochs);
}

/** Refuses options that are given and not above 0. */
function checkPositive(where: string, options: Readonly<Record<string, number | null | undefined>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && value !== null && !(value > 0)) {
      throw new TaggerError('INVALID_OPTION', `${where}: ${name} must be positive, not ${value}.`);
    }
  }
}
