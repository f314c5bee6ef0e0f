// The package's entry for Node. The one for browsers, index.ts, exports the same names.
export { useCuda } from './use-cuda';
export type { CudaOptions, UseCuda } from './cuda-options';
export {
  describeSetup,
  type CudaGpu,
  type Precision,
  type TensorflowDevice,
  type TensorflowSetup,
} from '@taggerjs/backend-tensorflow';
