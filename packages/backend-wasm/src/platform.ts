import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

import type { WasmOptions } from './wasm-options';

/** What tells Node from a browser. Each has one, and the package's entry for it chooses. */
export interface Platform {
  /** How many threads there should be where nobody says: the cores there are. */
  cores(): number;
  /** Why there can be no threads here; undefined where there can. */
  threadsLimit(): string | undefined;
  /**
   * Makes a backend of `@tensorflow/tfjs-backend-wasm`, registered nowhere.
   *
   * @throws Error, or what tfjs throws, where it cannot be made
   */
  createBackend(request: BackendRequest): Promise<CreatedBackend>;
  /** Whether a module can be compiled here; may turn something on for it that is off by default. */
  canCompile(binary: Uint8Array<ArrayBuffer>): boolean;
  /**
   * Starts a thread that instantiates a module on a shared memory and calls its export `work(control, thread)`, and
   * `fail(control)` whenever that traps. Resolves when the thread is about to call it. Such a thread does not keep a
   * process alive.
   */
  startKernelThread(work: KernelWork): Promise<KernelThread>;
}

/** What backend is wanted. */
export interface BackendRequest {
  /** Whether its memory is to be shared between threads. */
  readonly shared: boolean;
  /** How many threads tfjs's own operations are to use; 1 unless the memory is shared. */
  readonly threads: number;
  readonly wasmPaths: WasmOptions['wasmPaths'];
}

/** A backend, and what was found while it was made. */
export interface CreatedBackend {
  readonly backend: BackendWasm;
  readonly memory: WebAssembly.Memory;
  readonly simd: boolean;
  /** How many threads tfjs's own operations use. */
  readonly threads: number;
}

/** What a thread of ours does. */
export interface KernelWork {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Offset of the control block. */
  readonly control: number;
  /** The thread's number, from 1. */
  readonly thread: number;
}

/** A thread of ours. */
export interface KernelThread {
  terminate(): void;
}

/** The module of emscripten inside a backend, as far as it is used here. */
export interface WasmModule {
  _malloc(bytes: number): number;
  _free(offset: number): void;
  /** A view of the heap; a new one after each growth. */
  readonly HEAPU8: Uint8Array;
}
