import '@tensorflow/tfjs-backend-cpu';

import type { BackendUnderTest } from '../backend-under-test';
import { registeredBackend } from './registered-backend';
import { wasmBackend } from './wasm-backend';

/** The names that {@link nodeBackend} knows, in the order in which they are run. */
export const NODE_BACKENDS: readonly string[] = ['cpu', 'wasm', 'tensorflow', 'cuda', 'webgpu'];

/** Backends that the suite knows but does not set up yet. */
const NOT_YET: readonly string[] = ['tensorflow', 'cuda', 'webgpu'];

/**
 * A backend in Node by its name: `cpu`, `wasm`, or `wasm:2` for so many threads. `tensorflow`, `cuda` and `webgpu` are
 * known, but not set up yet: in a report they stand as not available, with that reason.
 *
 * @throws Error where there is no such backend
 */
export function nodeBackend(name: string): BackendUnderTest {
  const [kind, count] = name.split(':');
  if (kind === 'wasm' && (count === undefined || /^[1-9]\d*$/.test(count))) {
    return wasmBackend(count === undefined ? {} : { threads: Number(count) });
  }
  if (name === 'cpu') return registeredBackend('cpu', 'it comes with TensorFlow.js', 'plain JavaScript, 1 thread');
  if (NOT_YET.includes(name)) {
    const unavailable = `this version of the suite does not set up '${name}'`;
    return {
      name,
      howToGet: 'Until then give runParity a BackendUnderTest of your own',
      available: async () => unavailable,
      setUp: () => Promise.reject(new Error(unavailable)),
      tearDown: async () => {},
    };
  }
  throw new Error(`there is no backend '${name}'; there are ${NODE_BACKENDS.join(', ')}, and wasm:N for N threads.`);
}
