/** The values of {@link Precision}. */
export const PRECISIONS = ['float32', 'bfloat16', 'emulated-bfloat16'] as const;

/**
 * How matrix products are computed:
 *
 * - `float32`
 * - `bfloat16`: the operands are rounded to bfloat16, which has 8 significant bits and the range of float32; products are
 *   added up in float32. Everything else is float32: weights, gradients, normalization, softmax, costs, the optimizer
 * - `emulated-bfloat16`: the same numbers on any processor, without its instructions for bfloat16. Slower than `float32`: for
 *   tests and comparisons
 */
export type Precision = (typeof PRECISIONS)[number];
