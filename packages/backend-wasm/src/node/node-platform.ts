import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadTfjsWasm } from '../load-tfjs-wasm';
import type { CreatedBackend, Platform } from '../platform';
import type { ResolvedOptions, WasmBinary } from '../wasm-options';
import { PthreadWorker } from './pthread-worker';

/**
 * Node. tfjs itself takes its plain or SIMD build there, single-threaded; the threaded one runs as well if one
 * instantiates it oneself, which this does.
 */
export const nodePlatform: Platform = {
  cores: availableParallelism,
  threadsLimit: () => undefined,
  createBackend,
};

/** What a build's script gives for a configuration: a module, ready for use. */
type ModuleFactory = (config: {
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): WebAssembly.Exports | object;
  locateFile(name: string): string;
  mainScriptUrlOrBlob: string;
  wasmMemory?: WebAssembly.Memory;
}) => Promise<EmscriptenModule>;

interface EmscriptenModule {
  cwrap(name: string, returns: 'number' | null, takes: readonly 'number'[]): (...values: number[]) => number;
  asm: { dispose(): void };
  tfjs: unknown;
}

const packageRequire = createRequire(import.meta.url);

/** Compiled binaries by file, so that making a backend again does not compile again. */
const compiled = new Map<string, Promise<WebAssembly.Module>>();

async function createBackend({ threads, wasmPaths }: ResolvedOptions): Promise<CreatedBackend> {
  const tfjs = await loadTfjsWasm();
  const isThreaded = threads > 1;
  const script = packageRequire.resolve(
    `@tensorflow/tfjs-backend-wasm/wasm-out/${isThreaded ? 'tfjs-backend-wasm-threaded-simd' : 'tfjs-backend-wasm'}.js`,
  );
  const binary = await compile(
    locate(isThreaded ? 'tfjs-backend-wasm-threaded-simd.wasm' : 'tfjs-backend-wasm-simd.wasm', wasmPaths, script),
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
  const module = await (isThreaded ? withoutListeners(() => withPthreads(script, start)) : withoutListeners(start));

  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    // Not the module's own `_dispose`: it takes every listener off the process, the application's too.
    dispose: () => module.asm.dispose(),
  };
  tfjs.setThreadsCount(threads);
  const backend = new tfjs.BackendWasm(module as unknown as ConstructorParameters<typeof tfjs.BackendWasm>[0]);
  return {
    backend,
    memory: sharedMemory ?? ((instance as WebAssembly.Instance).exports['memory'] as WebAssembly.Memory),
    simd: true,
    threads: tfjs.getThreadsCount(),
  };
}

/** The path of a binary: where `wasmPaths` says, or beside the script. */
function locate(name: WasmBinary, wasmPaths: ResolvedOptions['wasmPaths'], script: string): string {
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

/** The builds' scripts are CommonJS; some loaders put what they export under `default`. */
function interop(exported: unknown): unknown {
  return (exported as { default?: unknown }).default ?? exported;
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
