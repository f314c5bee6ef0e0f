import { useTensorflowGpu } from '@taggerjs/backend-tensorflow/gpu';

import { resolveCudaOptions, type UseCuda } from './cuda-options';
import { explainNoGpu } from './explain-no-gpu';

/** {@inheritDoc UseCuda} */
export const useCuda: UseCuda = async (options = {}) => {
  const { common, gpu } = resolveCudaOptions(options);
  return useTensorflowGpu('useCuda', common, { ...gpu, explain: explainNoGpu });
};
