import { TaggerError } from '../errors';

/**
 * Refuses unknown options, so that a misspelled option is an error. `type` is always allowed: a factory may receive a
 * component's complete JSON.
 *
 * @param where name of the function, for the error message
 * @param options the options it received
 * @param known the names of its options
 * @throws TaggerError `INVALID_OPTION` if `options` is not an object or has other options; the message names both, and the
 *   option that was probably meant
 */
export function checkOptionNames(where: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TaggerError('INVALID_OPTION', `${where}: the options must be an object with ${known.join(', ')}.`);
  }
  const unknown = Object.keys(options).filter((name) => name !== 'type' && !known.includes(name));
  if (unknown.length === 0) return;
  const names = unknown.map((name) => `'${name}'${suggestion(name, known)}`).join(', ');
  throw new TaggerError('INVALID_OPTION', `${where}: unknown option ${names}. Known options: ${known.join(', ')}.`);
}

/** The most similar known name, as a question; empty if none is similar. */
function suggestion(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((other) => ({ other, edits: editDistance(name.toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, edits }) => edits <= Math.min(name.length, other.length) / 3)
    .sort((a, b) => a.edits - b.edits);
  return nearest === undefined ? '' : ` (did you mean '${nearest.other}'?)`;
}

/** The Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/**
 * Refuses a value that is not one of those allowed.
 *
 * @param where name of the function, for the error message
 * @param name name of the option, for the error message
 * @throws TaggerError `INVALID_OPTION`; the message names the allowed values
 */
export function checkOneOf(where: string, name: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  const list = allowed.map((option) => JSON.stringify(option)).join(', ');
  const meant = typeof value === 'string' ? suggestion(value, allowed.map(String)) : '';
  throw new TaggerError(
    'INVALID_OPTION',
    `${where}: ${name} must be one of ${list}, got ${JSON.stringify(value)}${meant}.`,
  );
}

/** Throws `INVALID_OPTION` unless a value is a finite number above zero. */
export function checkPositive(where: string, name: string, value: unknown): asserts value is number {
  if (typeof value === 'number' && value > 0 && value < Infinity) return;
  throw new TaggerError('INVALID_OPTION', `${where}: ${name} must be a number above 0, got ${JSON.stringify(value)}.`);
}

/** The smallest probability of a bit flip. Below it the denominator of the modeling error rounds to zero in float32. */
const SMALLEST_FLIP_PROBABILITY = 1e-6;

/** Throws `INVALID_OPTION` unless the probability of a bit flip is in (0, 0.5). At 0 the modeling error divides by 0. */
export function checkFlipProbability(where: string, probability: number): void {
  if (probability >= SMALLEST_FLIP_PROBABILITY && probability < 0.5) return;
  throw new TaggerError(
    'INVALID_OPTION',
    `${where}: the flip probability must be at least ${SMALLEST_FLIP_PROBABILITY} and below 0.5, got ${probability}.`,
  );
}
