import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

import type { WasmOptions } from './wasm-options';

/** Everything that differs between Node and browsers. The package's entry for each passes its implementation. */
export interface Platform {
  /** The default number of threads: the number of cores. */
  cores(): number;
  /** Why threads are unavailable; undefined if they are available. */
  threadsLimit(): string | undefined;
  /**
   * Creates a backend of `@tensorflow/tfjs-backend-wasm` without registering it.
   *
   * @throws Error, or what tfjs throws, if it cannot be created
   */
  createBackend(request: BackendRequest): Promise<CreatedBackend>;
  /** Whether a module can be compiled here. May turn on a feature for it that is off by default. */
  canCompile(binary: Uint8Array<ArrayBuffer>): boolean;
  /**
   * Starts a thread that instantiates a module on a shared memory and calls its export `work(control, thread)`, and
   * `fail(control)` whenever that traps. Resolves when the thread is about to call `work`. The thread does not keep the
   * process alive.
   */
  startKernelThread(work: KernelWork): Promise<KernelThread>;
}

/** The requested backend. */
export interface BackendRequest {
  /** Whether threads share its memory. */
  readonly shared: boolean;
  /** The number of threads for tfjs's own operations; 1 unless the memory is shared. */
  readonly threads: number;
  readonly wasmPaths: WasmOptions['wasmPaths'];
}

/** A backend, and facts from its creation. */
export interface CreatedBackend {
  readonly backend: BackendWasm;
  readonly memory: WebAssembly.Memory;
  readonly simd: boolean;
  /** The number of threads that tfjs's own operations use. */
  readonly threads: number;
}

/** The work of a kernel thread. */
export interface KernelWork {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Offset of the control block. */
  readonly control: number;
  /** The thread's number, from 1. */
  readonly thread: number;
}

/** A kernel thread. */
export interface KernelThread {
  terminate(): void;
}

/** The parts of a backend's emscripten module that this package uses. */
export interface WasmModule {
  _malloc(bytes: number): number;
  _free(offset: number): void;
  /** A view of the heap. Each growth replaces it. */
  readonly HEAPU8: Uint8Array;
}
