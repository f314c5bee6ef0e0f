import { MetricsError } from './errors';

/** Requires an integer in [first, last]. */
export function checkInteger(where: string, option: string, value: number, first: number, last = Infinity): void {
  if (!(Number.isInteger(value) && value >= first && value <= last)) {
    const range = last === Infinity ? `of at least ${first}` : `in [${first}, ${last}]`;
    throw new MetricsError('INVALID_OPTION', `${where}: expected ${option} to be an integer ${range}, got ${value}.`);
  }
}

/** Requires arrays of equal length. */
export function checkSameLength(where: string, truth: ArrayLike<number>, predicted: ArrayLike<number>): void {
  if (truth.length !== predicted.length) {
    throw new MetricsError(
      'INVALID_SHAPE',
      `${where}: expected one predicted label for each true one, got ${predicted.length} for ${truth.length}.`,
    );
  }
}

/** Returns length / parts, which must be an integer. */
export function checkDivides(where: string, name: string, length: number, option: string, parts: number): number {
  if (length % parts !== 0) {
    throw new MetricsError(
      'INVALID_SHAPE',
      `${where}: expected the length of ${name} to be a multiple of ${option} = ${parts}, got ${length}.`,
    );
  }
  return length / parts;
}
