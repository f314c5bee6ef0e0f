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

/**
 * How matrix products are computed. `bfloat16`: operands with 8 significant bits, sums in float32; everything else is float32.
 * `emulated-bfloat16`: the same numbers without the processor's instructions, slower, for tests and comparisons.
 */
export const PRECISIONS = ['float32', 'bfloat16', 'emulated-bfloat16'] as const;

/** One of {@link PRECISIONS}. */
export type Precision = (typeof PRECISIONS)[number];

/** Whether a backend can compute products in bfloat16. */
export function hasBfloat16(name: BackendName): boolean {
  return name === 'tensorflow' || name === 'cuda';
}

/** Whether you can choose the number of threads of a backend. */
export function hasThreads(name: BackendName): boolean {
  return name !== 'cpu' && name !== 'webgpu';
}
