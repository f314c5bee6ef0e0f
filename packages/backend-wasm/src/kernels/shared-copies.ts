import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { Identity, type TensorInfo } from '@tensorflow/tfjs-core';

import { replaceKernel } from './replace-kernel';

/**
 * Lets copies of a tensor share its memory. tfjs copies every tensor that the backward pass needs, including weights at each
 * use, and its own kernel copies all values. Tensors never change, so a reference count is enough, as when tfjs reshapes.
 *
 * @returns a function that restores tfjs's kernel
 */
export function shareCopies(backend: BackendWasm): () => void {
  return replaceKernel(Identity, (original) => (call) => {
    const { dataId, shape, dtype } = call.inputs['x'] as TensorInfo;
    if (dtype === 'string') return original(call);
    backend.incRef(dataId);
    return { dataId, shape, dtype };
  });
}
