import type { Quantity, Tolerance } from './parity-case';

/** The error of a tensor. */
export interface ErrorFigures {
  /** Largest absolute error; null if it is not finite, or the shape is wrong. */
  readonly absolute: number | null;
  /** The same relative to the largest expected value; null also if all expected values are zero. */
  readonly relative: number | null;
  /** The largest absolute error that the tolerance allows. */
  readonly allowed: number;
  /** Whether the error is within the tolerance. */
  readonly agrees: boolean;
  /** Which tensor. */
  readonly label: string;
  /** Place and values of the largest error, or the wrong shape, as text. */
  readonly where: string;
}

/** Compares a tensor with its reference. NaN agrees only with NaN, an infinity only with itself. */
export function measureError(quantity: Quantity, fallback: Tolerance): ErrorFigures {
  const { label, actual, expected, shapes } = quantity;
  const { relative, absolute } = quantity.tolerance ?? fallback;
  let scale = 0;
  for (let i = 0; i < expected.length; i++) {
    const size = Math.abs(expected[i] as number);
    if (size < Infinity && size > scale) scale = size;
  }
  const allowed = relative * scale + absolute;
  const wrong = { absolute: null, relative: null, allowed, agrees: false, label };
  if (shapes && shapes.actual.join() !== shapes.expected.join()) {
    return { ...wrong, where: `shape [${shapes.actual}], expected [${shapes.expected}]` };
  }
  if (actual.length !== expected.length) {
    return { ...wrong, where: `${actual.length} values, expected ${expected.length}` };
  }
  let largest = 0;
  let at = 0;
  for (let i = 0; i < expected.length; i++) {
    const [is, should] = [actual[i] as number, expected[i] as number];
    const error = Object.is(is, should) ? 0 : Math.abs(is - should);
    if (!(error < Infinity)) return { ...wrong, where: describe(i, is, should) };
    if (error > largest) [largest, at] = [error, i];
  }
  return {
    absolute: largest,
    relative: scale === 0 ? null : largest / scale,
    allowed,
    agrees: largest <= allowed,
    label,
    where: expected.length === 0 ? 'no element' : describe(at, actual[at] as number, expected[at] as number),
  };
}

function describe(index: number, is: number, should: number): string {
  return `element ${index} is ${is}, expected ${should}`;
}
