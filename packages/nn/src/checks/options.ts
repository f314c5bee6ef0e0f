import { TaggerError } from '../errors';

/**
 * Refuses options that a factory does not know, so that a misspelt one in a configuration is not passed over. `type` is
 * always allowed: a factory may be given a component's whole JSON.
 *
 * @param where the factory's name, for the error message
 * @param options what the factory was given
 * @param known the names of its options
 * @throws TaggerError `INVALID_OPTION` naming the unknown options and the known ones
 */
export function checkOptionNames(where: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TaggerError('INVALID_OPTION', `${where}: the options must be an object with ${known.join(', ')}.`);
  }
  const unknown = Object.keys(options).filter((name) => name !== 'type' && !known.includes(name));
  if (unknown.length > 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${where}: there is no option ${unknown.map((name) => `'${name}'`).join(', ')}; there are ${known.join(', ')}.`,
    );
  }
}

/** Throws `INVALID_OPTION` unless a value is one of those allowed. */
export function requireOneOf(operation: string, name: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  throw new TaggerError(
    'INVALID_OPTION',
    `${operation}: '${name}' must be one of ${allowed.map((option) => `'${String(option)}'`).join(', ')}, got ` +
      `'${String(value)}'.`,
  );
}

/** Throws `INVALID_OPTION` unless a value is a finite number above zero. */
export function requirePositive(operation: string, name: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new TaggerError('INVALID_OPTION', `${operation}: '${name}' must be a number above 0, got ${value}.`);
}

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

/** Throws `INVALID_OPTION` unless the standard deviation of the noise is positive and finite. */
export function checkStandardDeviation(operation: string, standardDeviation: number): void {
  if (standardDeviation > 0 && standardDeviation < Infinity) return;
  throw new TaggerError(
    'INVALID_OPTION',
    `${operation}: the standard deviation of the noise must be positive and finite, not ${standardDeviation}.`,
  );
}
