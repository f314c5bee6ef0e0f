import { TaggerError } from '../errors';

/** Throws `INVALID_OPTION` unless the probability of a bit flip is in (0, 0.5): at 0 the modelling error divides by 0. */
export function checkFlipProbability(operation: string, probability: number): void {
  if (probability > 0 && probability < 0.5) return;
  throw new TaggerError(
    'INVALID_OPTION',
    `${operation}: the probability of a flip must be above 0 and below 0.5, not ${probability}.`,
  );
}
