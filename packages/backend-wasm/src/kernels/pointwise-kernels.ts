import { reluGradientOperation, reluOperation, sigmoidGradientOperation, sigmoidOperation } from '@taggerjs/nn';
import { util } from '@tensorflow/tfjs-core';

import type { KernelExports } from '../generated/kernel-exports';
import type { OwnKernel } from './own-kernel';

type Input = { readonly dataId: object; readonly shape: number[] };

/** The logistic function; see assembly/pointwise.ts. */
export const sigmoidKernel = /* @__PURE__ */ ofX(sigmoidOperation, 'sigmoid');

/** The gradient of {@link sigmoidKernel}. */
export const sigmoidGradientKernel = /* @__PURE__ */ ofGradient(sigmoidGradientOperation, 'sigmoidGradient');

/** The rectifier; see assembly/pointwise.ts. */
export const reluKernel = /* @__PURE__ */ ofX(reluOperation, 'relu');

/** The gradient of {@link reluKernel}. */
export const reluGradientKernel = /* @__PURE__ */ ofGradient(reluGradientOperation, 'reluGradient');

/** A function of x. */
function ofX(operation: OwnKernel['operation'], name: 'sigmoid' | 'relu'): OwnKernel {
  return {
    operation,
    kernel:
      ({ pool, output, offset }) =>
      ({ inputs }) => {
        const { x } = inputs as unknown as Record<'x', Input>;
        const y = output(x.shape);
        const compute = (kernels: KernelExports) =>
          kernels[name](pool.control, util.sizeFromShape(x.shape), offset(x), offset(y));
        pool.compute(compute);
        return y;
      },
  };
}

/** A gradient computed from the gradient dy of the output and the output y. */
function ofGradient(operation: OwnKernel['operation'], name: 'sigmoidGradient' | 'reluGradient'): OwnKernel {
  return {
    operation,
    kernel:
      ({ pool, output, offset }) =>
      ({ inputs }) => {
        const { dy, y } = inputs as unknown as Record<'dy' | 'y', Input>;
        const dx = output(y.shape);
        const compute = (kernels: KernelExports) =>
          kernels[name](pool.control, util.sizeFromShape(y.shape), offset(dy), offset(y), offset(dx));
        pool.compute(compute);
        return dx;
      },
  };
}
