import '@tensorflow/tfjs-backend-cpu';

import type { BackendUnderTest } from '../backend-under-test';
import { registeredBackend } from './registered-backend';
import { wasmBackend } from './wasm-backend';

/** The backends that {@link nodeBackend} knows, in the order in which they are run. */
export const NODE_BACKENDS: readonly string[] = ['cpu', 'wasm', 'tensorflow', 'cuda', 'webgpu'];

/**
 * A backend in Node by its name: `cpu`, `wasm`, or `wasm:2` for so many threads. `tensorflow`, `cuda` and `webgpu` need
 * packages that are not there yet: they are known, and say so.
 *
 * @throws Error where there is no such backend
 */
export function nodeBackend(name: string): BackendUnderTest {
  const [kind, count] = name.split(':');
  if (kind === 'wasm' && (count === undefined || /^[1-9]\d*$/.test(count))) {
    return wasmBackend(count === undefined ? {} : { threads: Number(count) });
  }
  if (name === 'cpu') return registeredBackend('cpu', 'it comes with TensorFlow.js', 'plain JavaScript, 1 thread');
  throw new Error(`there is no backend '${name}'; there are ${NODE_BACKENDS.join(', ')}, and wasm:N for N threads.`);
}
