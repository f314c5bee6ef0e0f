import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

import type { CreatedBackend, WasmModule } from './platform';

/**
 * A running backend, with the heap and its tensors for this package's kernels.
 *
 * The heap belongs to tfjs. Take memory from it only with `allocate`, the only way it grows. Every growth invalidates the typed
 * arrays on it, so do not keep any.
 */
export class WasmRuntime {
  /** The backend, until it is disposed. */
  readonly backend: BackendWasm;
  /** The heap. */
  readonly memory: WebAssembly.Memory;

  private readonly disposers: (() => void)[] = [];
  private readonly releasers: ((dataId: object) => void)[] = [];
  private isDisposed = false;

  constructor(created: CreatedBackend) {
    this.backend = created.backend;
    this.memory = created.memory;
    // TensorFlow.js disposes of a backend that is removed. Everything that depends on it is disposed of first.
    const dispose = created.backend.dispose.bind(created.backend);
    created.backend.dispose = () => {
      if (this.isDisposed) return;
      this.isDisposed = true;
      for (const disposer of this.disposers.reverse()) disposer();
      dispose();
    };
    const disposeData = created.backend.disposeData.bind(created.backend);
    created.backend.disposeData = (dataId, force) => {
      const isReleased = disposeData(dataId, force);
      if (isReleased) for (const releaser of this.releasers) releaser(dataId);
      return isReleased;
    };
  }

  /** Whether the backend was disposed of. */
  get disposed(): boolean {
    return this.isDisposed;
  }

  /** Registers a callback that runs before the backend is disposed of; the last one registered runs first. */
  onDispose(disposer: () => void): void {
    this.disposers.push(disposer);
  }

  /** Registers a callback that runs whenever the memory of a tensor has been freed, until the backend is disposed of. */
  onRelease(releaser: (dataId: object) => void): void {
    this.releasers.push(releaser);
  }

  /**
   * Allocates memory on the heap.
   *
   * @returns its offset; 8-byte aligned
   * @throws RangeError if the heap has no room for it
   */
  allocate(bytes: number): number {
    // The offset is returned as a signed number: beyond 2 GiB it is negative.
    const offset = this.module._malloc(bytes) >>> 0;
    if (offset === 0) {
      throw new RangeError(
        `The WebAssembly heap cannot grow by ${bytes} bytes: it has ${this.memory.buffer.byteLength} of at most 4 GiB. Use smaller batches.`,
      );
    }
    return offset;
  }

  /** Frees memory from `allocate`. */
  free(offset: number): void {
    this.module._free(offset);
  }

  /** Grows the heap to at least this size, in the only way that tfjs notices: by allocating that much memory and freeing it. */
  reserve(bytes: number): void {
    if (this.memory.buffer.byteLength < bytes) this.free(this.allocate(bytes));
  }

  private get module(): WasmModule {
    return this.backend.wasm as unknown as WasmModule;
  }
}
