import { registerOperationKernel, unregisterOperationKernel } from '@taggerjs/nn';
import type { TensorInfo } from '@tensorflow/tfjs-core';

import type { Platform } from '../platform';
import type { WasmRuntime } from '../wasm-runtime';
import { adamUpdateKernel, adamUpdatesKernel } from './adam-update-kernel';
import {
  addBiasGradientKernel,
  addBiasKernel,
  biasScaleGradientKernel,
  biasScaleKernel,
  columnSumKernel,
} from './bias-kernels';
import {
  bitflipCostGradientKernel,
  bitflipCostKernel,
  bitflipLikelihoodGradientKernel,
  bitflipLikelihoodKernel,
  bitflipModelingErrorGradientKernel,
  bitflipModelingErrorKernel,
} from './bitflip-kernels';
import { combinatorGradientKernel, combinatorKernel } from './combinator-kernel';
import { featureProductGradientKernel, featureProductKernel } from './feature-product-kernel';
import {
  gaussianAlgorithmErrorGradientKernel,
  gaussianAlgorithmErrorKernel,
  gaussianCostGradientKernel,
  gaussianCostKernel,
  gaussianExactErrorGradientKernel,
  gaussianExactErrorKernel,
  gaussianLikelihoodGradientKernel,
  gaussianLikelihoodKernel,
  gaussianResidualErrorGradientKernel,
  gaussianResidualErrorKernel,
} from './gaussian-kernels';
import { groupSoftmaxGradientKernel, groupSoftmaxKernel } from './group-softmax-kernel';
import type { KernelModule } from './kernel-module';
import { KernelPool } from './kernel-pool';
import { matMulKernel } from './matmul-kernel';
import { im2colGradientKernel, im2colKernel } from './im2col-kernel';
import { normalizeGradientKernel, normalizeKernel } from './normalize-kernel';
import type { KernelContext, OwnKernel } from './own-kernel';
import { PackedFactors } from './packed-factors';
import { PIXEL_KERNELS } from './pixel-kernels';
import { reluGradientKernel, reluKernel, sigmoidGradientKernel, sigmoidKernel } from './pointwise-kernels';
import { shareCopies } from './shared-copies';
import { softmaxGradientKernel, softmaxKernel } from './softmax-kernel';
import {
  stackFeaturesGradientKernel,
  stackFeaturesGradientOfChannelsKernel,
  stackFeaturesKernel,
  stackFeaturesOfChannelsKernel,
} from './stack-features-kernel';
import { globalNormKernel, sumOfSquaresKernel } from './sum-of-squares-kernel';
import { swapAxesKernel } from './swap-axes-kernel';
import { replaceAdd } from './tfjs-add';
import { replaceProducts } from './tfjs-products';
import { weightedSumKernel } from './weighted-sum-kernel';

/** All kernels of this package. */
export const KERNELS: readonly OwnKernel[] = [
  matMulKernel,
  featureProductKernel,
  featureProductGradientKernel,
  normalizeKernel,
  normalizeGradientKernel,
  combinatorKernel,
  combinatorGradientKernel,
  stackFeaturesKernel,
  stackFeaturesGradientKernel,
  im2colKernel,
  im2colGradientKernel,
  swapAxesKernel,
  softmaxKernel,
  softmaxGradientKernel,
  groupSoftmaxKernel,
  groupSoftmaxGradientKernel,
  sigmoidKernel,
  sigmoidGradientKernel,
  reluKernel,
  reluGradientKernel,
  addBiasKernel,
  addBiasGradientKernel,
  biasScaleKernel,
  biasScaleGradientKernel,
  columnSumKernel,
  bitflipLikelihoodKernel,
  bitflipLikelihoodGradientKernel,
  bitflipModelingErrorKernel,
  bitflipModelingErrorGradientKernel,
  bitflipCostKernel,
  bitflipCostGradientKernel,
  gaussianLikelihoodKernel,
  gaussianLikelihoodGradientKernel,
  gaussianAlgorithmErrorKernel,
  gaussianAlgorithmErrorGradientKernel,
  gaussianExactErrorKernel,
  gaussianExactErrorGradientKernel,
  gaussianResidualErrorKernel,
  gaussianResidualErrorGradientKernel,
  gaussianCostKernel,
  gaussianCostGradientKernel,
  sumOfSquaresKernel,
  globalNormKernel,
  weightedSumKernel,
  adamUpdateKernel,
  adamUpdatesKernel,
  stackFeaturesOfChannelsKernel,
  stackFeaturesGradientOfChannelsKernel,
  ...PIXEL_KERNELS,
];

/** Kernels that are ready. */
export interface StartedKernels {
  /** The kernel names of the operations they compute. */
  readonly names: readonly string[];
  /** Registers them until their backend is disposed of; on request, also in place of tfjs's own matrix products. */
  register(replaceMatMul: boolean): void;
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
    packedFactors: new PackedFactors(runtime),
    output: (shape) => backend.makeOutput(shape, 'float32'),
    offset: ({ dataId }) => backend.getMemoryOffset(dataId),
    values: (tensor: TensorInfo) => backend.typedArrayFromHeap(tensor) as Float32Array,
  };
  return {
    names: KERNELS.map(({ operation }) => operation.kernelName),
    register(replaceMatMul) {
      for (const { operation, kernel } of KERNELS) registerOperationKernel(operation, 'wasm', kernel(context));
      const restore = [
        shareCopies(backend),
        replaceAdd(context),
        ...(replaceMatMul ? [replaceProducts(context, backend)] : []),
      ];
      runtime.onDispose(() => {
        for (const putBack of restore) putBack();
        for (const { operation } of KERNELS) unregisterOperationKernel(operation, 'wasm');
      });
    },
  };
}
