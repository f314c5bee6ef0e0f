import * as tf from '@tensorflow/tfjs-core';

import { backendOf, interop, type EmscriptenModule, type ModuleFactory } from '../emscripten-module';
import { loadTfjsWasm } from '../load-tfjs-wasm';
import { KERNEL_THREAD_SOURCE } from '../kernels/kernel-thread-source';
import type { BackendRequest, CreatedBackend, KernelThread, KernelWork, Platform } from '../platform';
import type { WasmBinary } from '../wasm-options';
import { PthreadWorker } from './pthread-worker';

/** The browser platform, in a page or a worker. */
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

/** How many threads tfjs's threaded build can start while the main thread waits for them, including the calling one. */
const MOST_TFJS_THREADS = 9;

/**
 * Instantiates a build of tfjs without tfjs's own loader. That loader would use only half of the cores, could not retry with
 * another location after a wrong one, and would start eight workers even if it needs none.
 */
async function createBackend({ shared, threads: wanted, wasmPaths }: BackendRequest): Promise<CreatedBackend> {
  const tfjs = await loadTfjsWasm();
  const threads = Math.min(wanted, MOST_TFJS_THREADS);
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
  const name = shared
    ? 'tfjs-backend-wasm-threaded-simd.wasm'
    : simd
      ? 'tfjs-backend-wasm-simd.wasm'
      : 'tfjs-backend-wasm.wasm';
  const { factory, workerContents } = shared ? await loadThreadedBuild() : await loadPlainBuild();
  const workerUrl = URL.createObjectURL(new Blob([workerContents], { type: 'text/javascript' }));

  let memory: WebAssembly.Memory | undefined;
  const start = () =>
    new Promise<EmscriptenModule>((resolve, reject) => {
      let place: string = name;
      factory({
        locateFile(file, folder) {
          if (file.endsWith('.worker.js')) return workerUrl;
          place = locate(name, wasmPaths, folder);
          return place;
        },
        instantiateWasm(imports, receive) {
          const env = imports['env'] as Record<string, unknown>;
          // The C++ side uses at most half of the cores.
          env['emscripten_num_logical_cores'] = () => 2 * threads;
          instantiate(place, imports).then(({ instance, module }) => {
            memory = (env['memory'] ?? instance.exports['memory']) as WebAssembly.Memory;
            receive(instance, module);
          }, reject);
          return {};
        },
        // tfjs passes this to its workers, which cannot import the bundle.
        mainScriptUrlOrBlob: new Blob([`var WasmBackendModuleThreadedSimd = ${String(factory)}`], {
          type: 'text/javascript',
        }),
      }).then(resolve, reject);
    });
  try {
    const module = await (shared ? withPthreads(threads === 1, start) : start());
    const backend = backendOf(tfjs, module, threads);
    return { backend, memory: memory as WebAssembly.Memory, simd, threads: tfjs.getThreadsCount() };
  } finally {
    URL.revokeObjectURL(workerUrl);
  }
}

/** A build of tfjs: its factory, and the source of its workers. */
interface Build {
  readonly factory: ModuleFactory;
  readonly workerContents: string;
}

async function loadPlainBuild(): Promise<Build> {
  const script: unknown = await import('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js');
  return { factory: interop(script) as ModuleFactory, workerContents: '' };
}

async function loadThreadedBuild(): Promise<Build> {
  const [script, worker] = await Promise.all([
    import('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js'),
    // @ts-expect-error -- it has no declarations
    import('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js'),
  ]);
  const { wasmWorkerContents } = interop(worker) as { wasmWorkerContents: string };
  return {
    factory: interop(script) as ModuleFactory,
    // The file was made from a template literal in which `\n` inside a string was not escaped.
    workerContents: wasmWorkerContents.replace(/\n/g, '\\n'),
  };
}

/** Starts tfjs's threaded build with our workers: it looks up `Worker` globally, and finds ours. */
function withPthreads<T>(idle: boolean, start: () => T): T {
  class Pthread extends PthreadWorker {
    constructor(url: string) {
      super(url, idle);
    }
  }
  const before = globalThis.Worker;
  globalThis.Worker = Pthread as unknown as typeof Worker;
  try {
    return start();
  } finally {
    globalThis.Worker = before;
  }
}

/** The URL of a binary: from `wasmPaths`, or in the folder that emscripten takes to be that of its script. */
function locate(name: WasmBinary, wasmPaths: BackendRequest['wasmPaths'], folder: string): string {
  if (typeof wasmPaths === 'string') return wasmPaths.replace(/\/?$/, '/') + name;
  return wasmPaths?.[name] ?? folder + name;
}

async function instantiate(
  place: string,
  imports: WebAssembly.Imports,
): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
  const response = await fetch(place, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${response.url || place} cannot be fetched: ${response.status}`);
  // Many servers do not know the MIME type of these files.
  const type = response.headers.get('Content-Type') ?? '';
  return /^application\/wasm\b/.test(type)
    ? WebAssembly.instantiateStreaming(response, imports)
    : WebAssembly.instantiate(await response.arrayBuffer(), imports);
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
