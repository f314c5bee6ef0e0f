import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

import { loadTfjsWasm } from '../load-tfjs-wasm';
import { KERNEL_THREAD_SOURCE } from '../kernels/kernel-thread-source';
import type { BackendRequest, CreatedBackend, KernelThread, KernelWork, Platform } from '../platform';

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
  canCompile: (binary) => WebAssembly.validate(binary),
  startKernelThread,
};

/** tfjs's own factory of the backend; kept, because it goes when a backend is removed. */
let factory: (() => unknown) | undefined;

async function createBackend({ shared, threads, wasmPaths }: BackendRequest): Promise<CreatedBackend> {
  const tfjs = await loadTfjsWasm();
  factory ??= tf.findBackendFactory('wasm');
  if (wasmPaths !== undefined) tfjs.setWasmPaths(wasmPaths);
  tfjs.setThreadsCount(threads);
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', shared);

  const backend = (await factory()) as BackendWasm;
  const { wasmMemory, asm } = backend.wasm as unknown as {
    wasmMemory?: WebAssembly.Memory;
    asm: { memory: WebAssembly.Memory };
  };
  return { backend, memory: wasmMemory ?? asm.memory, simd: simd === true, threads: tfjs.getThreadsCount() };
}

async function startKernelThread(work: KernelWork): Promise<KernelThread> {
  const source = `
    onmessage = ({ data }) => {
      const ready = () => postMessage('ready');
      ${KERNEL_THREAD_SOURCE}
    };`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const thread = new Worker(url, { name: 'taggerjs-wasm' });
  try {
    await new Promise((resolve, reject) => {
      thread.onmessage = resolve;
      thread.onerror = (event) => reject(new Error(`a worker cannot be started: ${event.message}`));
      thread.postMessage(work);
    });
  } finally {
    URL.revokeObjectURL(url);
  }
  return thread;
}
