/** What `useWasm` set up. */
export interface WasmSetup {
  /** The name of the TensorFlow.js backend. */
  readonly backend: 'wasm';
  /** Whether vector instructions are used. */
  readonly simd: boolean;
  /** Whether this package's kernels use relaxed SIMD. */
  readonly relaxedSimd: boolean;
  /** Threads that compute, including the calling one. */
  readonly threads: number;
  /** Threads for tfjs's own operations: one if this package's kernels use the others. */
  readonly tfjsThreads: number;
  /** Why there are fewer threads than requested, or than the default; undefined if there are not. */
  readonly threadsLimit?: string;
  /** The operations of `@taggerjs/nn`, by kernel name, that this package's kernels compute. */
  readonly kernels: readonly string[];
}

/** Describes a setup in one line for people: `WebAssembly SIMD, 2 threads, 5 custom kernels (relaxed SIMD)`. */
export function describeSetup({ simd, relaxedSimd, threads, threadsLimit, kernels }: WasmSetup): string {
  const parts = [`WebAssembly${simd ? ' SIMD' : ''}`, threads === 1 ? '1 thread' : `${threads} threads`];
  if (kernels.length > 0) {
    const count = kernels.length === 1 ? '1 custom kernel' : `${kernels.length} custom kernels`;
    parts.push(`${count}${relaxedSimd ? ' (relaxed SIMD)' : ''}`);
  }
  return parts.join(', ') + (threadsLimit === undefined ? '' : `; ${threadsLimit}`);
}
