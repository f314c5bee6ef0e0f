import { ofChannels, registerOperationKernel, servedBy, unregisterOperationKernel } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { nnOperations } from './nn-operations';

/** Kernel names of the operations, of one channel and of several, that a backend's custom kernels compute. */
export function ownKernels(backend: string): string[] {
  return nnOperations()
    .flatMap((operation) => [operation, ofChannels(operation)])
    .filter((operation) => servedBy(operation, backend) === 'kernel')
    .map(({ kernelName }) => kernelName);
}

/** Unregisters a backend's custom kernels, so that compositions compute. Returns a function that registers them again. */
export function withoutKernels(backend: string): () => void {
  const taken = ownKernels(backend).map((kernelName) => {
    const { kernelFunc } = tf.getKernel(kernelName, backend);
    unregisterOperationKernel({ kernelName }, backend);
    return { kernelName, kernelFunc };
  });
  return () => {
    for (const { kernelName, kernelFunc } of taken) registerOperationKernel({ kernelName }, backend, kernelFunc);
  };
}
