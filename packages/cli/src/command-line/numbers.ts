import { InvalidArgumentError } from 'commander';

/** A parser of whole numbers from 1 to `most`. */
export function wholeNumber(most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = most === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${most}`;
  return (text) => {
    const value = numberOf(text);
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number ${range}.`);
  };
}

/** Parses a position in a list: a whole number from 0. */
export function indexNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number of at least 0.');
}

/** A parser of whole numbers from 1 to `most`: one, such as `4`, or all of a range, such as `4..8`. */
export function wholeNumbers(most: number): (text: string) => readonly number[] {
  return (text) => {
    const [, first = '', last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? [];
    const [from, to] = [numberOf(first), numberOf(last)];
    if (from >= 1 && to >= from && to <= most) return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${most}, or a range such as 4..8.`);
  };
}

/** Parses any finite number. */
export function finiteNumber(text: string): number {
  const value = numberOf(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number.');
}

/** Parses a finite number above 0. */
export function positiveNumber(text: string): number {
  const value = numberOf(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}

const numberOf = (text: string): number => (text.trim() === '' ? NaN : Number(text));
