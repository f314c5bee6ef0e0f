import { registerOperationKernel, unregisterOperationKernel } from '@taggerjs/nn';
import type { TensorInfo } from '@tensorflow/tfjs-core';

import type { Platform } from '../platform';
import type { WasmRuntime } from '../wasm-runtime';
import type { KernelModule } from './kernel-module';
import { KernelPool } from './kernel-pool';
import { matMulKernel } from './matmul-kernel';
import type { KernelContext, OwnKernel } from './own-kernel';

const KERNELS: readonly OwnKernel[] = [matMulKernel];

/** Kernels that are ready. */
export interface StartedKernels {
  /** The kernel names of the operations they compute. */
  readonly names: readonly string[];
  /** Registers them, until their backend is disposed of. */
  register(): void;
}

/** Starts the kernels of this package on a backend. */
export async function startKernels(
  runtime: WasmRuntime,
  { module }: KernelModule,
  threads: number,
  platform: Platform,
): Promise<StartedKernels> {
  const { backend } = runtime;
  const context: KernelContext = {
    pool: await KernelPool.start(runtime, module, threads, platform),
    output: (shape) => backend.makeOutput(shape, 'float32'),
    offset: ({ dataId }) => backend.getMemoryOffset(dataId),
    values: (tensor: TensorInfo) => backend.typedArrayFromHeap(tensor) as Float32Array,
  };
  return {
    names: KERNELS.map(({ operation }) => operation.kernelName),
    register() {
      for (const { operation, kernel } of KERNELS) registerOperationKernel(operation, 'wasm', kernel(context));
      runtime.onDispose(() => {
        for (const { operation } of KERNELS) unregisterOperationKernel(operation, 'wasm');
      });
    },
  };
}
