import type * as tfjsWebgpu from '@tensorflow/tfjs-backend-webgpu';

/** `@tensorflow/tfjs-backend-webgpu`. */
export type TfjsWebgpu = typeof tfjsWebgpu;

/**
 * Loads `@tensorflow/tfjs-backend-webgpu` when it is needed: importing it registers its kernels, its flags and, if
 * `navigator.gpu` exists, a backend with TensorFlow.js.
 */
export async function loadTfjsWebgpu(): Promise<TfjsWebgpu> {
  const loaded = (await import('@tensorflow/tfjs-backend-webgpu')) as TfjsWebgpu & { readonly default?: TfjsWebgpu };
  // A CommonJS module may come as the default export.
  return loaded.WebGPUBackend === undefined && loaded.default !== undefined ? loaded.default : loaded;
}
