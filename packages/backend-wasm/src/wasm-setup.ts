/** What `useWasm` set up. */
export interface WasmSetup {
  /** The name of the TensorFlow.js backend. */
  readonly backend: 'wasm';
  /** Whether vector instructions are used. */
  readonly simd: boolean;
  /** Whether this package's kernels use relaxed SIMD. */
  readonly relaxedSimd: boolean;
  /** How many threads compute, the calling one among them. */
  readonly threads: number;
  /** How many of them compute tfjs's own operations: one where this package's kernels have the others. */
  readonly tfjsThreads: number;
  /** Why there are fewer threads than were asked for, or than the default would be; undefined where nothing stands in the way. */
  readonly threadsLimit?: string;
  /** Operations of `@taggerjs/nn`, by kernel name, that this package computes by kernels of its own. */
  readonly kernels: readonly string[];
}

/** A set-up in one line for people: `WebAssembly SIMD, 2 threads, 5 kernels of its own (relaxed SIMD)`. */
export function describeSetup({ simd, relaxedSimd, threads, threadsLimit, kernels }: WasmSetup): string {
  const parts = [`WebAssembly${simd ? ' SIMD' : ''}`, threads === 1 ? '1 thread' : `${threads} threads`];
  if (kernels.length > 0) {
    const count = kernels.length === 1 ? '1 kernel' : `${kernels.length} kernels`;
    parts.push(`${count} of its own${relaxedSimd ? ' (relaxed SIMD)' : ''}`);
  }
  return parts.join(', ') + (threadsLimit === undefined ? '' : `; ${threadsLimit}`);
}
