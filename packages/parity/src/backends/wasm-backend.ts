import { describeSetup, useWasm, type WasmOptions } from '@taggerjs/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

import type { BackendUnderTest } from '../backend-under-test';

/**
 * WebAssembly, set up by `useWasm`: `wasm` with the threads there are, `wasm:1`, `wasm:2` with so many.
 *
 * @param options as `useWasm` takes them, but `kernels`, which the suite turns on and off
 */
export function wasmBackend({ threads, ...options }: Omit<WasmOptions, 'kernels'> = {}): BackendUnderTest {
  return {
    name: threads === undefined ? 'wasm' : `wasm:${threads}`,
    howToGet: 'npm install @taggerjs/backend-wasm',
    available: async () => (typeof WebAssembly === 'undefined' ? 'there is no WebAssembly here' : undefined),
    async setUp(kernels) {
      const setup = await useWasm({
        ...options,
        ...(threads !== undefined && { threads }),
        kernels: kernels === 'on' ? 'auto' : 'off',
      });
      return { backend: setup.backend, description: describeSetup(setup) };
    },
    async tearDown() {
      tf.removeBackend('wasm');
    },
  };
}
