import { TaggerError } from '@taggerjs/nn';

/** The binaries of `@tensorflow/tfjs-backend-wasm`, by the names they have in its folder `wasm-out`. */
export type WasmBinary =
  'tfjs-backend-wasm.wasm' | 'tfjs-backend-wasm-simd.wasm' | 'tfjs-backend-wasm-threaded-simd.wasm';

/** What `useWasm` takes. */
export interface WasmOptions {
  /**
   * How many threads compute, the calling one among them; an integer in [1, 256]. One thread takes a build without
   * shared memory. More need a shared memory: Node has it, a page must be cross-origin isolated.
   *
   * @default the cores there are: `os.availableParallelism()` in Node, `navigator.hardwareConcurrency` in a browser,
   * where threads are possible
   */
  readonly threads?: number;
  /**
   * Where the `.wasm` files of `@tensorflow/tfjs-backend-wasm` are: the folder, or the place of each file. In Node a
   * path or a `file:` URL; in a browser a URL.
   *
   * @default in Node the installed package; in a browser the folder of the script
   */
  readonly wasmPaths?: string | Readonly<Partial<Record<WasmBinary, string>>>;
  /**
   * Size of the heap at the start, in MiB, in [16, 4000]. The heap grows when it must; a large one from the start
   * never does, and takes no physical memory before it is used.
   *
   * @default 16
   */
  readonly initialMemoryMiB?: number;
  /**
   * Whether operations of `@taggerjs/nn` are computed by kernels of this package: `'auto'` wherever there is one, `'off'`
   * by operations of tfjs only. The kernels share their work among all threads; tfjs's own operations then use one.
   *
   * @default 'auto'
   */
  readonly kernels?: 'auto' | 'off';
  /**
   * Whether the kernels may use relaxed SIMD, where there is any: products and sums fused, somewhat faster. Their
   * last bits may then differ from one kind of processor to another.
   *
   * @default true
   */
  readonly relaxedSimd?: boolean;
  /**
   * Whether TensorFlow.js's own products of matrices, `tf.matMul` and `tf.fused.matMul`, are computed by the kernel of this
   * package too: for other models on the same backend. Their results are the same up to rounding.
   *
   * @default false
   */
  readonly replaceMatMul?: boolean;
}

/** The smallest heap of the binaries, in MiB. */
export const SMALLEST_HEAP_MIB = 16;

/** Options with nothing left open but where the files are. */
export interface ResolvedOptions extends Required<Omit<WasmOptions, 'wasmPaths'>> {
  readonly wasmPaths: WasmOptions['wasmPaths'];
}

/**
 * Checks options and fills in defaults.
 *
 * @param defaultThreads the number of threads where none is asked for
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
      `useWasm: wasmPaths must be a folder, or an object from file names to places; it is ${String(wasmPaths)}.`,
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
