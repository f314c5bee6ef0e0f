// For packages that make TensorFlow compute on a GPU, as @taggerjs/backend-cuda does. Node only.
export { useTensorflowGpu } from './node/use-tensorflow';
export type { GpuChoice, NoGpuFacts } from './gpu-choice';
export type { CudaDriver } from './node/addon';
export type { MissingLibrary } from './node/cuda-libraries';
export { SETUP_COMMAND } from './installation/variant';
