import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { getKernel, Identity, registerKernel, unregisterKernel, type TensorInfo } from '@tensorflow/tfjs-core';

/**
 * Lets copies of a tensor share its memory. tfjs makes one of every tensor that the backward pass needs, weights at each
 * use among them, and its own kernel copies all values; as tensors never change, a count of the references does the same,
 * as it does where tfjs reshapes.
 *
 * @returns what puts tfjs's kernel back
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
