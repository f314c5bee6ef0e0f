// The package's entry for browsers, which have no TensorFlow: it says so. That for Node is index.node.ts.
import { TaggerError } from '@taggerjs/nn';

import type { UseCuda, UseTensorflow } from './use';

export type { UseCuda, UseTensorflow } from './use';
export type { CudaOptions, TensorflowOptions } from './options';
export { describeSetup, type CudaGpu, type TensorflowDevice, type TensorflowSetup } from './tensorflow-setup';

/** {@inheritDoc UseTensorflow} */
export const useTensorflow: UseTensorflow = () => refuse('useTensorflow');

/** {@inheritDoc UseCuda} */
export const useCuda: UseCuda = () => refuse('useCuda');

async function refuse(where: string): Promise<never> {
  throw new TaggerError(
    'NO_BACKEND',
    `${where}: TensorFlow runs in Node, not in a browser. Call \`await useWasm()\` of @taggerjs/backend-wasm here.`,
  );
}
