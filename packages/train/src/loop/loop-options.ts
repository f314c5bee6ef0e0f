import { TaggerError } from '@taggerjs/nn';

import type { TrainingState } from '../checkpoint/training-state';
import type { AdamOptions } from '../optimizer/adam';
import type { EmaOptions } from '../optimizer/ema';
import type { ScheduleOptions } from '../optimizer/schedule';

/** Options of every training, whatever it trains. */
export interface LoopOptions {
  /** Number of steps. Required unless you pass `epochs` or `maxSeconds`; training ends at whichever comes first. */
  readonly steps?: number;
  /** Number of epochs, of complete batches. */
  readonly epochs?: number;
  /** Seconds after which no further step starts, including those before a resumption. */
  readonly maxSeconds?: number;
  /** Examples per batch. @default 100 */
  readonly batchSize?: number;
  /** Seed of the order of the data and of all other random numbers. @default 0 */
  readonly seed?: number | string;
  /** Learning rate of Adam, the schedule's base. @default 1e-3 */
  readonly learningRate?: number;
  /** Adam's other options. */
  readonly adam?: AdamOptions;
  /** How the learning rate changes. @default constant */
  readonly schedule?: Omit<ScheduleOptions, 'learningRate' | 'steps'>;
  /** Scales the gradients down to this global norm, above 0; null for no limit. @default null */
  readonly clipNorm?: number | null;
  /**
   * Exponential moving average (EMA) of the weights: evaluation uses it, and training ends with it; null for none.
   * @default null
   */
  readonly ema?: EmaOptions | null;
  /**
   * How many steps in all may be skipped because a cost or a gradient is not finite. A skipped step uses up its batch and its
   * random numbers, but changes no parameter. @default 0
   */
  readonly skipNonFinite?: number;
  /**
   * Resumes from a state that the `'start'` event of an earlier training provided. With the same options on the same backend,
   * everything after it has the same bits as if training had never stopped. `steps`, `epochs` and `maxSeconds` count from the
   * very start. @default a new training
   */
  readonly resume?: TrainingState;
  /** Ends training after the current step. */
  readonly signal?: AbortSignal;
}

/** When to evaluate during training. An evaluation before the first step and one after the last always take place. */
export interface EvaluationTimes {
  /** Steps between evaluations. @default none */
  readonly everySteps?: number;
  /** Seconds between evaluations. @default none */
  readonly everySeconds?: number;
}

/** The names of {@link LoopOptions}. */
export const LOOP_OPTIONS: readonly (keyof LoopOptions)[] = [
  'steps',
  'epochs',
  'maxSeconds',
  'batchSize',
  'seed',
  'learningRate',
  'adam',
  'schedule',
  'clipNorm',
  'ema',
  'skipNonFinite',
  'resume',
  'signal',
];

/**
 * Fills in defaults and checks ranges.
 *
 * @param examples number of training examples
 * @throws TaggerError `INVALID_OPTION`
 */
export function resolveLoopOptions(
  where: string,
  examples: number,
  options: LoopOptions & { readonly evaluation?: EvaluationTimes },
) {
  const { epochs, maxSeconds = Infinity, batchSize = 100, seed = 0, skipNonFinite = 0, clipNorm = null } = options;
  const { everySteps = Infinity, everySeconds = Infinity } = options.evaluation ?? {};
  for (const [name, value] of Object.entries({
    steps: options.steps,
    epochs,
    maxSeconds,
    clipNorm,
    everySteps,
    everySeconds,
  })) {
    if (value !== undefined && value !== null && !(value > 0)) {
      throw new TaggerError('INVALID_OPTION', `${where}: ${name} must be positive, not ${value}.`);
    }
  }
  if (!Number.isInteger(skipNonFinite) || skipNonFinite < 0) {
    throw new TaggerError('INVALID_OPTION', `${where}: skipNonFinite must be an integer >= 0, not ${skipNonFinite}.`);
  }
  if (options.steps === undefined && epochs === undefined && options.maxSeconds === undefined) {
    throw new TaggerError('INVALID_OPTION', `${where}: pass steps, epochs or maxSeconds to limit the training.`);
  }
  const stepsPerEpoch = Math.floor(examples / batchSize);
  const stepsOfEpochs = epochs === undefined ? Infinity : Math.max(1, Math.round(epochs * stepsPerEpoch));
  return {
    steps: Math.min(options.steps ?? Infinity, stepsOfEpochs),
    stepsPerEpoch,
    maxSeconds,
    batchSize,
    seed,
    schedule: { type: 'constant', ...options.schedule, learningRate: options.learningRate ?? 1e-3 } as const,
    adam: options.adam ?? {},
    ema: options.ema ?? null,
    clipNorm,
    skipNonFinite,
    everySteps,
    everySeconds,
    resume: options.resume,
    signal: options.signal,
  };
}
