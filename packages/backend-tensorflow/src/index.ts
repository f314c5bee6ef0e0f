// The package's entry for browsers, which cannot run TensorFlow. The one for Node is index.node.ts.
import { TaggerError } from '@taggerjs/nn';

import type { UseTensorflow } from './use';

export type { UseTensorflow } from './use';
export type { TensorflowOptions } from './options';
export type { Precision } from './precision';
export { describeSetup, type CudaGpu, type TensorflowDevice, type TensorflowSetup } from './tensorflow-setup';

/** {@inheritDoc UseTensorflow} */
export const useTensorflow: UseTensorflow = async () => {
  throw new TaggerError(
    'NO_BACKEND',
    'useTensorflow: TensorFlow runs in Node, not in a browser. Call `await useWasm()` of @taggerjs/backend-wasm instead.',
  );
};
