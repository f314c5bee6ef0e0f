import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

import type { ResolvedOptions } from './wasm-options';

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
  createBackend(options: ResolvedOptions): Promise<CreatedBackend>;
}

/** A backend, and what was found while it was made. */
export interface CreatedBackend {
  readonly backend: BackendWasm;
  readonly memory: WebAssembly.Memory;
  readonly simd: boolean;
  /** How many threads tfjs's own operations use. */
  readonly threads: number;
}

/** The module of emscripten inside a backend, as far as it is used here. */
export interface WasmModule {
  _malloc(bytes: number): number;
  _free(offset: number): void;
  /** A view of the heap; a new one after each growth. */
  readonly HEAPU8: Uint8Array;
}
