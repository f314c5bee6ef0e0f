import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

import type { KernelPool } from './kernel-pool';
import type { PackedFactors } from './packed-factors';

/** What a kernel works with. */
export interface KernelContext {
  readonly pool: KernelPool;
  readonly packedFactors: PackedFactors;
  /** Makes a float32 output; it may make the heap grow. */
  output(shape: number[]): TensorInfo;
  /** Where a tensor lies on the heap. */
  offset(tensor: { readonly dataId: object }): number;
  /** A view of a float32 tensor, for as long as the heap does not grow. */
  values(tensor: TensorInfo): Float32Array;
}

/** A kernel of ours for an operation of `@taggerjs/nn`. */
export interface OwnKernel {
  readonly operation: { readonly kernelName: string };
  /** Makes the kernel for a backend. */
  readonly kernel: (context: KernelContext) => KernelFunc;
}
