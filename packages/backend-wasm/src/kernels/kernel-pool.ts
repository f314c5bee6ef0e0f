import type { Platform } from '../platform';
import type { WasmRuntime } from '../wasm-runtime';
import type { KernelExports } from '../generated/kernel-exports';

/**
 * The kernels, instantiated on the heap of a backend, with the threads that share their work and their scratch memory.
 */
export class KernelPool {
  private scratchOffset = 0;
  private scratchBytes = 0;

  private constructor(
    private readonly runtime: WasmRuntime,
    private readonly exports: KernelExports,
    /** Offset of the control block; the first argument of every kernel. */
    readonly control: number,
    /** The number of threads, including the calling one. */
    readonly threads: number,
  ) {}

  /** Instantiates the kernels and starts all threads except the calling one. They end when the backend is disposed of. */
  static async start(
    runtime: WasmRuntime,
    module: WebAssembly.Module,
    threads: number,
    platform: Platform,
  ): Promise<KernelPool> {
    const { memory } = runtime;
    const instance = await WebAssembly.instantiate(module, { env: { memory } });
    const exports = instance.exports as unknown as KernelExports;
    const control = align(runtime.allocate(exports.controlBytes(threads) + LINE));
    exports.initialize(control, threads, Number(mayWait()));
    const started = await Promise.allSettled(
      Array.from({ length: threads - 1 }, (_, i) =>
        platform.startKernelThread({ module, memory, control, thread: i + 1 }),
      ),
    );
    const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const end = () => running.forEach((thread) => thread.terminate());
    const failure = started.find((result) => result.status === 'rejected');
    if (failure !== undefined) {
      end();
      throw failure.reason;
    }
    runtime.onDispose(end);
    return new KernelPool(runtime, exports, control, threads);
  }

  /**
   * Returns the offset, a multiple of 128, of memory for intermediate values. It is valid until the next call. This may grow
   * the heap, so create views of the heap afterwards.
   */
  scratch(bytes: number): number {
    if (bytes > this.scratchBytes) {
      if (this.scratchBytes > 0) this.runtime.free(this.scratchOffset);
      this.scratchBytes = 0;
      this.scratchOffset = this.runtime.allocate(bytes + LINE);
      this.scratchBytes = bytes;
    }
    return align(this.scratchOffset);
  }

  /** A view of words on the heap, valid until it grows. */
  words(offset: number, count: number): Uint32Array {
    return new Uint32Array(this.runtime.memory.buffer, offset, count);
  }

  /** A view of float32 values on the heap, valid until it grows. */
  floats(offset: number, count: number): Float32Array {
    return new Float32Array(this.runtime.memory.buffer, offset, count);
  }

  /** Runs kernels. If one traps, all later calls trap too: memory may be corrupt, and threads may still be running. */
  compute(run: (kernels: KernelExports) => void): void {
    try {
      run(this.exports);
    } catch (error) {
      this.exports.fail(this.control);
      throw error;
    }
  }
}

/** Two cache lines, the distance between memory that different threads write: lines are fetched in pairs. */
const LINE = 128;

/** Rounds up to a multiple of a line; `allocate` returns multiples of 8. Unsigned, for offsets beyond 2 GiB. */
function align(offset: number): number {
  return ((offset + LINE - 1) & -LINE) >>> 0;
}

/** Whether this thread may block: the main thread of a page may not. */
function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}
