// The package's entry for browsers, which cannot run CUDA. The one for Node is index.node.ts.
import { TaggerError } from '@taggerjs/nn';

import type { UseCuda } from './cuda-options';

export type { CudaOptions, UseCuda } from './cuda-options';
export {
  describeSetup,
  type CudaGpu,
  type Precision,
  type TensorflowDevice,
  type TensorflowSetup,
} from '@taggerjs/backend-tensorflow';

/** {@inheritDoc UseCuda} */
export const useCuda: UseCuda = async () => {
  throw new TaggerError(
    'NO_BACKEND',
    'useCuda: CUDA runs in Node, not in a browser. Call `await useWebgpu()` of @taggerjs/backend-webgpu instead.',
  );
};
