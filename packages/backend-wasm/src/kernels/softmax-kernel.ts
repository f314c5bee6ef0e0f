import { softmaxGradientOperation, softmaxOperation } from '@taggerjs/nn';
import { util } from '@tensorflow/tfjs-core';

import type { OwnKernel } from './own-kernel';

type Input = { readonly dataId: object; readonly shape: number[] };

/** The number of values outside an axis, along it, and within one step of it. */
function around(shape: number[], axis: number): [outer: number, size: number, inner: number] {
  return [util.sizeFromShape(shape.slice(0, axis)), shape[axis]!, util.sizeFromShape(shape.slice(axis + 1))];
}

/**
 * Softmax over one axis: over rows for the last axis (assembly/softmax-rows.ts), else as over groups
 * (assembly/group-softmax.ts).
 */
export const softmaxKernel: OwnKernel = {
  operation: softmaxOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { x } = inputs as unknown as Record<'x', Input>;
      const [outer, size, inner] = around(x.shape, (attrs as unknown as { axis: number }).axis);
      const y = output(x.shape);
      if (size === 0) return y;
      pool.compute((kernels) => {
        if (inner === 1) {
          kernels.softmaxRows(pool.control, outer, size, offset(x), offset(y));
          return;
        }
        for (let i = 0; i < outer; i++) {
          const skip = 4 * i * size * inner;
          kernels.groupSoftmax(pool.control, size, inner, offset(x) + skip, offset(y) + skip, 0);
        }
      });
      return y;
    },
};

/** The gradient of {@link softmaxKernel}. */
export const softmaxGradientKernel: OwnKernel = {
  operation: softmaxGradientOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { dy, y } = inputs as unknown as Record<'dy' | 'y', Input>;
      const [outer, size, inner] = around(y.shape, (attrs as unknown as { axis: number }).axis);
      const dx = output(y.shape);
      pool.compute((kernels) => {
        if (inner === 1) {
          kernels.softmaxRowsGradient(pool.control, outer, size, offset(dy), offset(y), offset(dx));
          return;
        }
        for (let i = 0; i < outer; i++) {
          const skip = 4 * i * size * inner;
          const [from, of, to] = [offset(dy) + skip, offset(y) + skip, offset(dx) + skip];
          kernels.groupSoftmaxGradient(pool.control, size, inner, from, 0, of, to);
        }
      });
      return dx;
    },
};
