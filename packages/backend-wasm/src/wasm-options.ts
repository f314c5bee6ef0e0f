import { TaggerError } from '@taggerjs/nn';

/** The binaries of `@tensorflow/tfjs-backend-wasm`, by their names in its folder `wasm-out`. */
export type WasmBinary =
  'tfjs-backend-wasm.wasm' | 'tfjs-backend-wasm-simd.wasm' | 'tfjs-backend-wasm-threaded-simd.wasm';

/** Options of `useWasm`. */
export interface WasmOptions {
  /**
   * Threads that compute, including the calling one; an integer in [1, 256]. More than one requires shared memory: Node has
   * it, a page must be cross-origin isolated.
   *
   * @default the cores available: `os.availableParallelism()` in Node, `navigator.hardwareConcurrency` in a browser that
   * allows threads
   */
  readonly threads?: number;
  /**
   * The `.wasm` files of `@tensorflow/tfjs-backend-wasm`: the folder, or the location of each file. In Node a path or a
   * `file:` URL; in a browser a URL.
   *
   * @default in Node the installed package; in a browser the folder of the script
   */
  readonly wasmPaths?: string | Readonly<Partial<Record<WasmBinary, string>>>;
  /**
   * Initial size of the heap, in MiB, in [16, 4000]. The heap grows when necessary. A large initial heap avoids growth, and
   * takes no physical memory before it is used.
   *
   * @default 16
   */
  readonly initialMemoryMiB?: number;
  /**
   * `'auto'`: compute operations of `@taggerjs/nn` with this package's kernels, which use all threads; tfjs's own operations
   * then use one. `'off'`: use only tfjs's operations.
   *
   * @default 'auto'
   */
  readonly kernels?: 'auto' | 'off';
  /**
   * Whether the kernels may use relaxed SIMD, if the engine has it: fused multiply-add, somewhat faster. The last bits may
   * then differ between kinds of processors.
   *
   * @default true
   */
  readonly relaxedSimd?: boolean;
  /**
   * Whether this package's kernel also computes TensorFlow.js's own matrix products, `tf.matMul` and `tf.fused.matMul`, for
   * other models on the same backend. The results are the same up to rounding.
   *
   * @default false
   */
  readonly replaceMatMul?: boolean;
}

/** The smallest heap of the binaries, in MiB. */
export const SMALLEST_HEAP_MIB = 16;

/** Options with their defaults; the location of the files may be undefined. */
export interface ResolvedOptions extends Required<Omit<WasmOptions, 'wasmPaths'>> {
  readonly wasmPaths: WasmOptions['wasmPaths'];
}

/**
 * Checks options and fills in defaults.
 *
 * @param defaultThreads the default number of threads
 * @throws TaggerError `INVALID_OPTION`
 */
export function resolveOptions(
  {
    threads: wanted,
    wasmPaths,
    initialMemoryMiB = SMALLEST_HEAP_MIB,
    kernels = 'auto',
    relaxedSimd = true,
    replaceMatMul = false,
  }: WasmOptions,
  defaultThreads: number,
): ResolvedOptions {
  const threads = wanted ?? defaultThreads;
  checkInteger('threads', threads, 1, 256);
  checkInteger('initialMemoryMiB', initialMemoryMiB, SMALLEST_HEAP_MIB, 4000);
  if (wasmPaths !== undefined && typeof wasmPaths !== 'string' && (typeof wasmPaths !== 'object' || !wasmPaths)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `useWasm: wasmPaths must be a folder, or an object from file names to locations; it is ${String(wasmPaths)}.`,
    );
  }
  if (kernels !== 'auto' && kernels !== 'off') {
    throw new TaggerError('INVALID_OPTION', `useWasm: kernels must be 'auto' or 'off'; it is ${String(kernels)}.`);
  }
  if (typeof relaxedSimd !== 'boolean') {
    throw new TaggerError('INVALID_OPTION', `useWasm: relaxedSimd must be a boolean; it is ${String(relaxedSimd)}.`);
  }
  if (typeof replaceMatMul !== 'boolean') {
    throw new TaggerError(
      'INVALID_OPTION',
      `useWasm: replaceMatMul must be a boolean; it is ${String(replaceMatMul)}.`,
    );
  }
  if (replaceMatMul && kernels === 'off') {
    throw new TaggerError('INVALID_OPTION', "useWasm: replaceMatMul needs the kernels; leave out kernels: 'off'.");
  }
  return { threads, wasmPaths, initialMemoryMiB, kernels, relaxedSimd, replaceMatMul };
}

function checkInteger(name: string, value: number, smallest: number, largest: number): void {
  if (Number.isInteger(value) && value >= smallest && value <= largest) return;
  throw new TaggerError(
    'INVALID_OPTION',
    `useWasm: ${name} must be an integer in [${smallest}, ${largest}]; it is ${String(value)}.`,
  );
}
