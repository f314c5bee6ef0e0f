import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

import type { KernelPool } from './kernel-pool';
import type { PackedFactors } from './packed-factors';

/** The context of a kernel. */
export interface KernelContext {
  readonly pool: KernelPool;
  readonly packedFactors: PackedFactors;
  /** Makes a float32 output. This may grow the heap. */
  output(shape: number[]): TensorInfo;
  /** The offset of a tensor on the heap. */
  offset(tensor: { readonly dataId: object }): number;
  /** A view of a float32 tensor, valid until the heap grows. */
  values(tensor: TensorInfo): Float32Array;
}

/** One of our kernels for an operation of `@taggerjs/nn`. */
export interface OwnKernel {
  readonly operation: { readonly kernelName: string };
  /** Makes the kernel for a backend. */
  readonly kernel: (context: KernelContext) => KernelFunc;
}
