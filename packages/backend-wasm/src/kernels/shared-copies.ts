import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { getKernel, Identity, registerKernel, unregisterKernel, type TensorInfo } from '@tensorflow/tfjs-core';

/**
 * Lets copies of a tensor share its memory. tfjs copies every tensor that the backward pass needs, including weights at each
 * use, and its own kernel copies all values. Tensors never change, so a reference count is enough, as when tfjs reshapes.
 *
 * @returns a function that restores tfjs's kernel
 */
export function shareCopies(backend: BackendWasm): () => void {
  const original = getKernel(Identity, 'wasm');
  if (original === undefined) return () => {};
  const replace = (config: typeof original) => {
    unregisterKernel(Identity, 'wasm');
    registerKernel(config);
  };
  replace({
    ...original,
    kernelFunc(call) {
      const { dataId, shape, dtype } = call.inputs['x'] as TensorInfo;
      if (dtype === 'string') return original.kernelFunc(call);
      backend.incRef(dataId);
      return { dataId, shape, dtype };
    },
  });
  return () => replace(original);
}
