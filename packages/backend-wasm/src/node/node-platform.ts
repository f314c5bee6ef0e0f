import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

import { backendOf, interop, type EmscriptenModule, type ModuleFactory } from '../emscripten-module';
import { loadTfjsWasm } from '../load-tfjs-wasm';
import { KERNEL_THREAD_SOURCE } from '../kernels/kernel-thread-source';
import type { BackendRequest, CreatedBackend, KernelThread, KernelWork, Platform } from '../platform';
import type { WasmBinary } from '../wasm-options';
import { PthreadWorker } from './pthread-worker';

/**
 * The Node platform. In Node, tfjs itself uses its single-threaded plain or SIMD build. Its threaded build runs there too if
 * instantiated directly, as here.
 */
export const nodePlatform: Platform = {
  cores: availableParallelism,
  threadsLimit: () => undefined,
  createBackend,
  canCompile,
  startKernelThread,
};

const packageRequire = /* @__PURE__ */ createRequire(import.meta.url);

/** Compiled binaries by file, so that recreating a backend does not recompile them. */
const compiled = new Map<string, Promise<WebAssembly.Module>>();

async function createBackend({ shared, threads, wasmPaths }: BackendRequest): Promise<CreatedBackend> {
  const tfjs = await loadTfjsWasm();
  const script = packageRequire.resolve(
    `@tensorflow/tfjs-backend-wasm/wasm-out/${shared ? 'tfjs-backend-wasm-threaded-simd' : 'tfjs-backend-wasm'}.js`,
  );
  const binary = await compile(
    locate(shared ? 'tfjs-backend-wasm-threaded-simd.wasm' : 'tfjs-backend-wasm-simd.wasm', wasmPaths, script),
  );

  let instance: WebAssembly.Instance | undefined;
  let sharedMemory: WebAssembly.Memory | undefined;
  const start = (): Promise<EmscriptenModule> =>
    (interop(packageRequire(script)) as ModuleFactory)({
      instantiateWasm(imports, receive) {
        const env = imports['env'] as Record<string, unknown>;
        // The C++ side uses at most half of the cores.
        env['emscripten_num_logical_cores'] = () => 2 * threads;
        sharedMemory = env['memory'] as WebAssembly.Memory | undefined;
        instance = new WebAssembly.Instance(binary, imports);
        receive(instance, binary);
        return instance.exports;
      },
      locateFile: (name) => name,
      mainScriptUrlOrBlob: script,
    });
  const module = await (shared ? withoutListeners(() => withPthreads(script, start)) : withoutListeners(start));

  const backend = backendOf(tfjs, module, threads);
  return {
    backend,
    memory: sharedMemory ?? ((instance as WebAssembly.Instance).exports['memory'] as WebAssembly.Memory),
    simd: true,
    threads: tfjs.getThreadsCount(),
  };
}

/**
 * Node 20 has relaxed SIMD, but not by default. The flag that turns it on does not affect modules compiled earlier. Later
 * versions do not know it, and have relaxed SIMD by default.
 */
function canCompile(binary: Uint8Array<ArrayBuffer>): boolean {
  if (WebAssembly.validate(binary)) return true;
  const [major = 0, minor = 0] = process.versions.v8.split('.').map(Number);
  if (major !== 11 || minor > 3) return false;
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(binary);
}

async function startKernelThread(workerData: KernelWork): Promise<KernelThread> {
  const source = `
    const { parentPort, workerData: data } = require('node:worker_threads');
    const ready = () => parentPort.postMessage('ready');
    ${KERNEL_THREAD_SOURCE}`;
  const thread = new Worker(source, { eval: true, execArgv: [], name: 'taggerjs-wasm', workerData });
  await once(thread, 'message');
  // Must come last: adding a message listener refs the thread again.
  thread.unref();
  return { terminate: () => void thread.terminate() };
}

/** The path of a binary: from `wasmPaths`, or next to the script. */
function locate(name: WasmBinary, wasmPaths: BackendRequest['wasmPaths'], script: string): string {
  const toPath = (place: string) => (place.startsWith('file:') ? fileURLToPath(place) : place);
  if (typeof wasmPaths === 'string') return join(toPath(wasmPaths), name);
  const place = wasmPaths?.[name];
  return place === undefined ? join(script, '..', name) : toPath(place);
}

async function compile(path: string): Promise<WebAssembly.Module> {
  let module = compiled.get(path);
  if (module === undefined) {
    module = readFile(path).then((bytes) => WebAssembly.compile(bytes));
    compiled.set(path, module);
    module.catch(() => compiled.delete(path));
  }
  return module;
}

/** Starts tfjs's threaded build with our workers: it looks up `Worker` globally, and finds ours. */
function withPthreads<T>(script: string, start: () => T): T {
  const { wasmWorkerContents } = packageRequire(script.replace(/\.js$/, '.worker.js')) as {
    wasmWorkerContents: string;
  };
  // The file was made from a template literal in which `\n` inside a string was not escaped.
  const source = wasmWorkerContents.replace(/\n/g, '\\n');
  class Pthread extends PthreadWorker {
    constructor() {
      super(source);
    }
  }
  const before = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  // emscripten assigns the global before it uses it.
  Object.defineProperty(globalThis, 'Worker', { configurable: true, get: () => Pthread, set: () => {} });
  try {
    return start();
  } finally {
    if (before === undefined) delete (globalThis as { Worker?: unknown }).Worker;
    else Object.defineProperty(globalThis, 'Worker', before);
  }
}

/**
 * Starts a build and removes the listeners that it adds to the process: one rethrows uncaught exceptions, the other makes
 * unhandled rejections fatal, even if the application handles them.
 */
function withoutListeners<T>(start: () => T): T {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set<unknown>(process.listeners(event as 'uncaughtException')));
  try {
    return start();
  } finally {
    for (const [i, event] of events.entries()) {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (!before[i]?.has(listener)) process.removeListener(event, listener);
      }
    }
  }
}
