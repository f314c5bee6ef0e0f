/** A backend, and how to set it up for the suite. */
export interface BackendUnderTest {
  /** Its name in the report: `wasm`, `wasm:1`. */
  readonly name: string;
  /**
   * Makes it the current backend of TensorFlow.js, with or without its own kernels for the operations. If it cannot be used,
   * it throws; the report has the error's message as the reason.
   */
  setUp(kernels: 'on' | 'off'): Promise<BackendInUse>;
  /** Frees what `setUp` created. */
  tearDown(): Promise<void>;
}

/** A backend that was set up. */
export interface BackendInUse {
  /** Name of the TensorFlow.js backend. */
  readonly backend: string;
  /** For people: `WebAssembly SIMD, 2 threads`. */
  readonly description: string;
}
