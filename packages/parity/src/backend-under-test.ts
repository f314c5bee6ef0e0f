/** A backend, and how it is set up for the suite. */
export interface BackendUnderTest {
  /** What the report calls it: `wasm`, `wasm:1`. */
  readonly name: string;
  /** How it is had, for the report where it is not available: one line. */
  readonly howToGet: string;
  /** Why it cannot be used here, without a full stop; undefined where it can. Must not throw. */
  available(): Promise<string | undefined>;
  /** Makes it the current backend of TensorFlow.js, with its own kernels for the operations or without. */
  setUp(kernels: 'on' | 'off'): Promise<BackendInUse>;
  /** Frees what `setUp` made. */
  tearDown(): Promise<void>;
}

/** A backend that was set up. */
export interface BackendInUse {
  /** Name of the TensorFlow.js backend. */
  readonly backend: string;
  /** For people: `WebAssembly SIMD, 2 threads`. */
  readonly description: string;
}
