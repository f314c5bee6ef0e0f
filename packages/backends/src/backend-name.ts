/** The backends that `useBackend` sets up. */
export const BACKENDS = ['wasm', 'tensorflow', 'cuda', 'webgpu', 'cpu'] as const;

/**
 * One of {@link BACKENDS}:
 *
 * - `wasm`: WebAssembly, with SIMD and threads (`@taggerjs/backend-wasm`)
 * - `tensorflow`: TensorFlow on the CPU, in Node (`@taggerjs/backend-tensorflow`)
 * - `cuda`: TensorFlow on an NVIDIA GPU, in Node (`@taggerjs/backend-cuda`)
 * - `webgpu`: WebGPU, in browsers and in Node (`@taggerjs/backend-webgpu`)
 * - `cpu`: TensorFlow.js in plain JavaScript, one thread
 */
export type BackendName = (typeof BACKENDS)[number];

/** Whether you can choose the number of threads of a backend. */
export function hasThreads(name: BackendName): boolean {
  return name !== 'cpu' && name !== 'webgpu';
}
