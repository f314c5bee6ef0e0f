import { getKernel, registerKernel, unregisterKernel, type KernelConfig, type KernelFunc } from '@tensorflow/tfjs-core';

/**
 * Replaces the function of a tfjs kernel.
 *
 * @param make makes the new function from tfjs's own
 * @returns a function that restores tfjs's kernel
 */
export function replaceKernel(name: string, make: (original: KernelFunc) => KernelFunc): () => void {
  const original = getKernel(name, 'wasm') as KernelConfig | undefined;
  if (original === undefined) return () => {};
  const register = (config: KernelConfig) => {
    unregisterKernel(name, 'wasm');
    registerKernel(config);
  };
  register({ ...original, kernelFunc: make(original.kernelFunc) });
  return () => register(original);
}
