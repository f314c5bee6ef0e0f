import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

import { loadTfjsWasm } from '../load-tfjs-wasm';
import type { CreatedBackend, Platform } from '../platform';
import type { ResolvedOptions } from '../wasm-options';

/** A browser, page or worker: tfjs's own way to load its builds. */
export const browserPlatform: Platform = {
  cores: () => globalThis.navigator?.hardwareConcurrency ?? 1,
  threadsLimit() {
    if (globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer !== 'undefined') return undefined;
    return (
      'no threads, because the page is not cross-origin isolated: serve it with the headers ' +
      '`Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`'
    );
  },
  createBackend,
};

/** tfjs's own factory of the backend; kept, because it goes when a backend is removed. */
let factory: (() => unknown) | undefined;

async function createBackend({ threads, wasmPaths }: ResolvedOptions): Promise<CreatedBackend> {
  const tfjs = await loadTfjsWasm();
  factory ??= tf.findBackendFactory('wasm');
  if (wasmPaths !== undefined) tfjs.setWasmPaths(wasmPaths);
  tfjs.setThreadsCount(threads);
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  if (threads === 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  else tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);

  const backend = (await factory()) as BackendWasm;
  const { wasmMemory, asm } = backend.wasm as unknown as {
    wasmMemory?: WebAssembly.Memory;
    asm: { memory: WebAssembly.Memory };
  };
  return { backend, memory: wasmMemory ?? asm.memory, simd: simd === true, threads: tfjs.getThreadsCount() };
}
