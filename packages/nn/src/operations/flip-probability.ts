import { TaggerError } from '../errors';

/** The least probability of a bit flip: below it the denominator of the modelling error rounds to zero in float32. */
const SMALLEST = 1e-6;

/** Throws `INVALID_OPTION` unless the probability of a bit flip is in (0, 0.5): at 0 the modelling error divides by 0. */
export function checkFlipProbability(operation: string, probability: number): void {
  if (probability >= SMALLEST && probability < 0.5) return;
  throw new TaggerError(
    'INVALID_OPTION',
    `${operation}: the probability of a flip must be at least ${SMALLEST} and below 0.5, not ${probability}.`,
  );
}
