import { featureProductGradientOperation, featureProductOperation } from '@taggerjs/nn';
import type { TensorInfo } from '@tensorflow/tfjs-core';

import type { OwnKernel } from './own-kernel';
import { MOST_FEW_ROWS, multiply } from './product';

type Input = TensorInfo & { readonly shape: [number, number] };

/** The features to multiply, from the first that varies to the last, and the constant ones around them. */
function split(attrs: unknown): { first: number; count: number; around: { feature: number; value: number }[] } {
  const { constants } = attrs as { constants: readonly number[] };
  const varying = constants.flatMap((value, feature) => (Number.isNaN(value) ? [feature] : []));
  // If none varies, all are multiplied.
  const [first = 0, last = constants.length - 1] = [varying[0], varying.at(-1)];
  const around = constants
    .map((value, feature) => ({ feature, value }))
    .filter(({ feature }) => feature < first || feature > last);
  return { first, count: last + 1 - first, around };
}

/** The product of stacked features and weights: each constant feature adds the same row to all rows. */
export const featureProductKernel: OwnKernel = {
  operation: featureProductOperation,
  kernel: (context) => {
    const { pool, output, offset, values } = context;
    return ({ inputs, attrs }) => {
      const { x, weights } = inputs as { x: Input; weights: Input };
      const [rows, inner] = x.shape;
      const [, columns] = weights.shape;
      const y = output([rows, columns]);
      if (rows * inner * columns === 0) {
        values(y).fill(0);
        return y;
      }
      const { first, count, around } = split(attrs);
      const size = inner / (attrs as unknown as { constants: readonly number[] }).constants.length;
      const product = { rows, columns, inner, transposeA: false, transposeB: false };
      // Few rows use all of the weights, which may be packed.
      if (rows <= MOST_FEW_ROWS || around.length === 0) {
        multiply(context, product, offset(x), offset(weights), offset(y), weights);
        return y;
      }
      const weightsOf = (feature: number) => offset(weights) + 4 * feature * size * columns;
      const varying = { ...product, inner: count * size, aStride: inner };
      multiply(context, varying, offset(x) + 4 * first * size, weightsOf(first), offset(y));
      pool.compute((kernels) => {
        const bytes = 4 * columns;
        const row = pool.scratch((1 + around.length) * bytes);
        for (const [i, { feature }] of around.entries()) {
          kernels.sumColumns(pool.control, size, columns, weightsOf(feature), row + (1 + i) * bytes);
        }
        const sums = pool.floats(row, (1 + around.length) * columns);
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          for (let i = 0; i < around.length; i++) sum += around[i]!.value * sums[(1 + i) * columns + column]!;
          sums[column] = sum;
        }
        kernels.addBias(pool.control, rows, columns, offset(y), row, 0, offset(y));
      });
      return y;
    };
  },
};

/** The gradient of {@link featureProductKernel} with respect to the weights: all rows of a constant feature's are the same. */
export const featureProductGradientKernel: OwnKernel = {
  operation: featureProductGradientOperation,
  kernel: (context) => {
    const { pool, output, offset, values } = context;
    return ({ inputs, attrs }) => {
      const { x, dy } = inputs as { x: Input; dy: Input };
      const [inner, features] = x.shape;
      const [, columns] = dy.shape;
      const result = output([features, columns]);
      if (inner * features * columns === 0) {
        values(result).fill(0);
        return result;
      }
      const { first, count, around } = split(attrs);
      const size = features / (attrs as unknown as { constants: readonly number[] }).constants.length;
      const resultOf = (feature: number) => offset(result) + 4 * feature * size * columns;
      const product = { rows: count * size, columns, inner, transposeA: true, transposeB: false, aStride: features };
      multiply(context, product, offset(x) + 4 * first * size, offset(dy), resultOf(first));
      if (around.length === 0) return result;
      pool.compute((kernels) => {
        const bytes = 4 * columns;
        const sum = pool.scratch(2 * bytes);
        const [total, row] = [pool.floats(sum, columns), pool.floats(sum + bytes, columns)];
        kernels.sumColumns(pool.control, inner, columns, offset(dy), sum);
        for (const { feature, value } of around) {
          for (let column = 0; column < columns; column++) row[column] = value * total[column]!;
          kernels.copyRows(pool.control, size, bytes, sum + bytes, 0, resultOf(feature), bytes);
        }
      });
      return result;
    };
  },
};
