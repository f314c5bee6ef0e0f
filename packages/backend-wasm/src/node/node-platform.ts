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
 * Node. tfjs itself takes its plain or SIMD build there, single-threaded; the threaded one runs as well if one
 * instantiates it oneself, which this does.
 */
export const nodePlatform: Platform = {
  cores: availableParallelism,
  threadsLimit: () => undefined,
  createBackend,
  canCompile,
  startKernelThread,
};

const packageRequire = /* @__PURE__ */ createRequire(import.meta.url);

/** Compiled binaries by file, so that making a backend again does not compile again. */
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
        // The C++ side takes at most half of the cores.
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
 * Node 20 has relaxed SIMD, but not by default. The flag that turns it on is of no effect on modules compiled before, and
 * not known to later versions, which have it by default.
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
  // Last: a listener for messages takes the reference again.
  thread.unref();
  return { terminate: () => void thread.terminate() };
}

/** The path of a binary: where `wasmPaths` says, or beside the script. */
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

/** Starts tfjs's threaded build with workers of ours in place of `Worker`, which it looks up globally. */
function withPthreads<T>(script: string, start: () => T): T {
  const { wasmWorkerContents } = packageRequire(script.replace(/\.js$/, '.worker.js')) as {
    wasmWorkerContents: string;
  };
  // The contents are a template literal in which `\n` inside a string was not escaped.
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
 * Starts a build and takes off the process the listeners it adds on its way: one throws uncaught exceptions again, one
 * makes unhandled rejections fatal whatever the application does about them.
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
