// The package's entry for Node. The one for browsers, index.ts, exports the same names.
export { useTensorflow } from './node/use-tensorflow';
export type { UseTensorflow } from './use';
export type { TensorflowOptions } from './options';
export type { Precision } from './precision';
export { describeSetup, type CudaGpu, type TensorflowDevice, type TensorflowSetup } from './tensorflow-setup';
