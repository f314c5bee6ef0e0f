import '@tensorflow/tfjs-backend-cpu';

import type { BackendUnderTest } from '../backend-under-test';
import { registeredBackend } from './registered-backend';
import { tensorflowBackend } from './tensorflow-backend';
import { wasmBackend } from './wasm-backend';
import { webgpuBackend } from './webgpu-backend';

/** The names that {@link nodeBackend} knows, in the order in which they are run. */
export const NODE_BACKENDS: readonly string[] = ['cpu', 'wasm', 'tensorflow', 'cuda', 'webgpu'];

/**
 * A backend in Node by its name: `cpu`, `wasm`, `tensorflow`, `cuda`, `webgpu`; `wasm:2` and `tensorflow:2` for so many
 * threads. The packages of the last three are optional (`@taggerjs/backend-tensorflow`, `@taggerjs/backend-cuda`, `@taggerjs/backend-webgpu`): where one is
 * not installed, or finds no TensorFlow, GPU or adapter, the backend stands in the report as not available, with the reason.
 *
 * @throws Error where there is no such backend
 */
export function nodeBackend(name: string): BackendUnderTest {
  const [kind, count] = name.split(':');
  if (count === undefined || /^[1-9]\d*$/.test(count)) {
    const threads = count === undefined ? undefined : Number(count);
    if (kind === 'wasm') return wasmBackend(threads === undefined ? {} : { threads });
    if (kind === 'tensorflow') return tensorflowBackend('tensorflow', threads);
  }
  if (name === 'cpu') return registeredBackend('cpu', 'it comes with TensorFlow.js', 'plain JavaScript, 1 thread');
  if (name === 'cuda') return tensorflowBackend('cuda');
  if (name === 'webgpu') return webgpuBackend(() => import('@taggerjs/backend-webgpu'));
  throw new Error(
    `there is no backend '${name}'; there are ${NODE_BACKENDS.join(', ')}, and wasm:N and tensorflow:N for N threads.`,
  );
}
