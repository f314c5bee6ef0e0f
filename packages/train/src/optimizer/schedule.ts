import { checkOptionNames, TaggerError } from '@taggerjs/nn';

/** How the learning rate changes after the warm-up. */
export type ScheduleType = 'constant' | 'linear' | 'cosine' | 'exponential';

/** Options of {@link createSchedule}. */
export interface ScheduleOptions {
  /** How the learning rate changes after the warm-up. */
  readonly type: ScheduleType;
  /** Learning rate at the end of the warm-up, its maximum, > 0. */
  readonly learningRate: number;
  /** Number of steps, including the warm-up. Required by every type except `'constant'`. @default Infinity */
  readonly steps?: number;
  /** Steps during which the learning rate rises linearly from near 0. @default 0 */
  readonly warmupSteps?: number;
  /**
   * Fraction of the steps after the warm-up during which the learning rate stays at its maximum, in [0, 1). No effect on
   * `'constant'`. @default 0
   */
  readonly holdFraction?: number;
  /**
   * Final learning rate as a fraction of the maximum, in [0, 1], for `'exponential'` in (0, 1]. No effect on `'constant'`.
   * @default 0.01
   */
  readonly finalFraction?: number;
}

/** Learning rate of a step, 0-based. */
export type Schedule = (step: number) => number;

const SHAPES: Readonly<Record<ScheduleType, (progress: number, final: number) => number>> = {
  constant: () => 1,
  linear: (progress, final) => 1 - (1 - final) * progress,
  cosine: (progress, final) => 1 - (1 - final) * sineOfQuarterTurns(progress) ** 2,
  exponential: (progress, final) => fractionalPower(final, progress),
};

/**
 * A learning-rate schedule. With W warm-up steps, S steps in all, rate r, final fraction f and held
 * fraction h, step s = 0, 1, .. has
 *
 *     s < W:         r (s + 1) / (W + 1)
 *     constant:      r
 *     linear:        r (1 - (1 - f) p),                       p = min(1, max(0, (s - W) / (S - W) - h) / (1 - h))
 *     cosine:        r (f + (1 - f) (1 + cos(pi p)) / 2)      (Loshchilov and Hutter 2017, without restarts)
 *     exponential:   r f^p
 *
 * so step W is the first at the full rate, and step S, one past the last, would have rate r f. Uses only +, -, x, / and
 * square roots, so every engine computes the same bits.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is unknown or out of range, or `steps` is missing for a type that needs it
 */
export function createSchedule(options: ScheduleOptions): Schedule {
  checkOptionNames('createSchedule', options, [
    'type',
    'learningRate',
    'steps',
    'warmupSteps',
    'holdFraction',
    'finalFraction',
  ]);
  const { type, learningRate, steps = Infinity, warmupSteps = 0, holdFraction = 0, finalFraction = 0.01 } = options;
  if (!Object.hasOwn(SHAPES, type)) {
    throw invalid(`type must be one of ${Object.keys(SHAPES).join(', ')}, not ${String(type)}.`);
  }
  if (!(learningRate > 0 && learningRate < Infinity)) {
    throw invalid(`learningRate must be a finite number above 0, not ${learningRate}.`);
  }
  if (!Number.isInteger(warmupSteps) || warmupSteps < 0) {
    throw invalid(`warmupSteps must be an integer >= 0, not ${warmupSteps}.`);
  }
  if (steps !== Infinity && (!Number.isInteger(steps) || steps < 1)) {
    throw invalid(`steps must be an integer >= 1 or Infinity, not ${steps}.`);
  }
  if (type !== 'constant' && steps === Infinity) {
    throw invalid(
      `type '${type}' needs steps, the number of steps until the learning rate reaches its minimum. Pass it, or use type ` +
        "'constant'.",
    );
  }
  if (!(finalFraction >= 0 && finalFraction <= 1) || (type === 'exponential' && finalFraction === 0)) {
    throw invalid(
      `finalFraction must be in ${type === 'exponential' ? '(0, 1]' : '[0, 1]'} for type '${type}', not ${finalFraction}.`,
    );
  }
  if (!(holdFraction >= 0 && holdFraction < 1)) {
    throw invalid(`holdFraction must be in [0, 1), not ${holdFraction}.`);
  }
  const shape = SHAPES[type];
  return (step) => {
    if (step < warmupSteps) return (learningRate * (step + 1)) / (warmupSteps + 1);
    const passed = step < steps ? (step - warmupSteps) / (steps - warmupSteps) : 1;
    return learningRate * shape(Math.max(0, passed - holdFraction) / (1 - holdFraction), finalFraction);
  };
}

function invalid(problem: string): TaggerError {
  return new TaggerError('INVALID_OPTION', `createSchedule: ${problem}`);
}

/** sin(pi / 2 * quarters) for quarters in [0, 1], by its Taylor series; (1 + cos(pi p)) / 2 = 1 - sin(pi / 2 * p)^2. */
function sineOfQuarterTurns(quarters: number): number {
  const x = (Math.PI / 2) * quarters;
  let term = x;
  let sum = x;
  for (let n = 2; n <= 24; n += 2) {
    term *= -(x * x) / (n * (n + 1));
    sum += term;
  }
  return sum;
}

/** base^exponent for exponents in [0, 1], bit by bit: each bit of the exponent is a square root of the one before. */
function fractionalPower(base: number, exponent: number): number {
  if (exponent === 1) return base;
  let root = base;
  let power = 1;
  for (let rest = exponent; rest > 0;) {
    root = Math.sqrt(root);
    rest *= 2;
    if (rest >= 1) {
      power *= root;
      rest -= 1;
    }
  }
  return power;
}
