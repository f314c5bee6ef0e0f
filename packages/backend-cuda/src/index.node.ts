// The package's entry for Node. That for browsers, index.ts, exports the same names.
import { createUses } from './node/use-tensorflow';
import type { UseCuda, UseTensorflow } from './use';

export type { UseCuda, UseTensorflow } from './use';
export type { CudaOptions, TensorflowOptions } from './options';
export { describeSetup, type CudaGpu, type TensorflowDevice, type TensorflowSetup } from './tensorflow-setup';

const uses = /* @__PURE__ */ createUses();

/** {@inheritDoc UseTensorflow} */
export const useTensorflow: UseTensorflow = /* @__PURE__ */ (() => uses.useTensorflow)();

/** {@inheritDoc UseCuda} */
export const useCuda: UseCuda = /* @__PURE__ */ (() => uses.useCuda)();
