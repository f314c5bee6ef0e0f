/** What `useWasm` set up. */
export interface WasmSetup {
  /** The name of the TensorFlow.js backend. */
  readonly backend: 'wasm';
  /** Whether vector instructions are used. */
  readonly simd: boolean;
  /** How many threads compute, the calling one among them. */
  readonly threads: number;
  /** Why there are fewer threads than the default would be; undefined where nothing stands in the way. */
  readonly threadsLimit?: string;
  /** Operations of `@taggerjs/nn`, by kernel name, that this package computes by kernels of its own. */
  readonly kernels: readonly string[];
}

/** A set-up in one line for people: `WebAssembly SIMD, 2 threads`. */
export function describeSetup({ simd, threads, threadsLimit, kernels }: WasmSetup): string {
  const parts = [`WebAssembly${simd ? ' SIMD' : ''}`, threads === 1 ? '1 thread' : `${threads} threads`];
  if (kernels.length > 0) parts.push(`own kernels for ${kernels.length} operations`);
  return parts.join(', ') + (threadsLimit === undefined ? '' : ` (${threadsLimit})`);
}
