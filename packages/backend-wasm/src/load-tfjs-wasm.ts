import type * as tfjsWasm from '@tensorflow/tfjs-backend-wasm';

/** `@tensorflow/tfjs-backend-wasm`. */
export type TfjsWasm = typeof tfjsWasm;

/**
 * Loads `@tensorflow/tfjs-backend-wasm` when it is needed: importing it registers its kernels, a backend and flags
 * with TensorFlow.js.
 */
export async function loadTfjsWasm(): Promise<TfjsWasm> {
  const loaded = (await import('@tensorflow/tfjs-backend-wasm')) as TfjsWasm & { readonly default?: TfjsWasm };
  // A CommonJS module may come as the default export.
  return loaded.BackendWasm === undefined && loaded.default !== undefined ? loaded.default : loaded;
}
