import { matMulOperation } from '@taggerjs/nn';

import type { TensorInfo } from '@tensorflow/tfjs-core';

import type { OwnKernel } from './own-kernel';
import { multiply } from './product';

/**
 * The product of two matrices in any transposition. It also computes small products, because tfjs's own kernel caches packed
 * matrices by the identity of their data, and mistakes one for another of a different shape.
 */
export const matMulKernel: OwnKernel = {
  operation: matMulOperation,
  kernel: (context) => {
    const { output, offset, values } = context;
    return ({ inputs, attrs }) => {
      const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
      const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean };
      const [aRows, aColumns] = a.shape as [number, number];
      const [bRows, bColumns] = b.shape as [number, number];
      const [rows, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
      const columns = transposeB ? bRows : bColumns;

      const c = output([rows, columns]);
      if (rows * columns * inner === 0) values(c).fill(0);
      else multiply(context, { rows, columns, inner, transposeA, transposeB }, offset(a), offset(b), offset(c), b);
      return c;
    };
  },
};
