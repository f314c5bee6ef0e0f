import type { Tolerance } from './parity-case';

/** One unit in the last place of a float32 near 1 is 1.2e-7. Rounding errors are at most half of it. */
const ROUNDING = 'a few tens of roundings of float32, 6e-8 each';

/** Values of one operation. */
export const OPERATION_VALUE: Tolerance = { relative: 1e-5, absolute: 1e-6, reason: ROUNDING };

/** Gradients of one operation. */
export const OPERATION_GRADIENT: Tolerance = {
  relative: 1e-4,
  absolute: 1e-6,
  reason: 'sums over rows or columns of products of rounded values; central differences of step 1e-5 add some 1e-9',
};

/**
 * The gradient of a scalar that enters every element: a sum of terms of either sign, which may cancel.
 *
 * @param terms the root of the sum of the terms' squares
 */
export function sumOfTerms(terms: number): Tolerance {
  return { relative: 2e-6, absolute: 5e-7 * terms, reason: SUM_OF_TERMS };
}

/** Why {@link sumOfTerms} has this size. */
export const SUM_OF_TERMS =
  'the slope of log v is a sum of terms of either sign: eight roundings of each, independent of each other, 5e-7 of the root ' +
  "of the sum of the terms' squares, and thirty of what all terms share, 2e-6 of the slope";

/** Values of a whole model, compared with golden vectors. */
export const MODEL_VALUE: Tolerance = {
  relative: 1e-4,
  absolute: 1e-6,
  reason: 'roundings go through several normalizations and iterations; the tolerance of the golden vectors',
};

/** Gradients of a whole model, compared with golden vectors. */
export const MODEL_GRADIENT: Tolerance = {
  relative: 1e-3,
  absolute: 1e-6,
  reason: 'the backward pass through all iterations multiplies roundings; the tolerance of the golden vectors',
};

/** For results that must have the same bits. */
export const EXACT: Tolerance = { relative: 0, absolute: 0, reason: 'made without rounding: the same bits' };
