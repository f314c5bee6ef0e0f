import { sumOfSquaresOperation } from '@taggerjs/nn';
import { util } from '@tensorflow/tfjs-core';

import type { OwnKernel } from './own-kernel';

/** The sum of squares, in float64; see assembly/sum-of-squares.ts. */
export const sumOfSquaresKernel: OwnKernel = {
  operation: sumOfSquaresOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs }) => {
      const { x } = inputs as unknown as Record<'x', { dataId: object; shape: number[] }>;
      const size = util.sizeFromShape(x.shape);
      const sum = output([]);
      pool.compute((kernels) => {
        const parts = pool.scratch(kernels.sumOfSquaresBytes(size));
        kernels.sumOfSquares(pool.control, size, offset(x), parts, offset(sum));
      });
      return sum;
    },
};
