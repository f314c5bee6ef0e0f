import { Add, util, type TensorInfo } from '@tensorflow/tfjs-core';

import type { KernelContext } from './own-kernel';
import { replaceKernel } from './replace-kernel';

/**
 * Makes all threads compute tfjs's addition of float32 tensors of one shape. tfjs adds up gradients with it, a hundred times in a
 * training step.
 *
 * @returns a function that restores tfjs's kernel
 */
export function replaceAdd({ pool, output, offset }: KernelContext): () => void {
  return replaceKernel(Add, (original) => (call) => {
    const { a, b } = call.inputs as { readonly a: TensorInfo; readonly b: TensorInfo };
    if (a.dtype !== 'float32' || b.dtype !== 'float32' || !util.arraysEqual(a.shape, b.shape)) return original(call);
    const sum = output(a.shape);
    pool.compute((kernels) =>
      kernels.add(pool.control, util.sizeFromShape(a.shape), offset(a), offset(b), offset(sum)),
    );
    return sum;
  });
}
