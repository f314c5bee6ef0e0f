import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

import type { CreatedBackend, WasmModule } from './platform';

/**
 * A backend that runs, and what this package's kernels need: the heap with all its tensors.
 *
 * The heap belongs to tfjs: memory is taken from it with `allocate` only, it grows only through that, and every
 * growth makes the typed arrays on it worthless, so that none may be kept.
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
    // TensorFlow.js disposes of the backend when it is removed, by whomever: what hangs on it goes first.
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

  /** Has something done when the backend is disposed of, before it goes; the last first. */
  onDispose(disposer: () => void): void {
    this.disposers.push(disposer);
  }

  /** Has something done when the memory of a tensor has been given back, until the backend is disposed of. */
  onRelease(releaser: (dataId: object) => void): void {
    this.releasers.push(releaser);
  }

  /**
   * Takes memory from the heap.
   *
   * @returns its offset; 8-byte aligned
   * @throws RangeError where the heap has no room for it
   */
  allocate(bytes: number): number {
    // The offset comes as a signed number: beyond 2 GiB it is negative.
    const offset = this.module._malloc(bytes) >>> 0;
    if (offset === 0) {
      throw new RangeError(
        `The WebAssembly heap has no room for ${bytes} bytes more; it holds ${this.memory.buffer.byteLength} of at most 4 GiB.`,
      );
    }
    return offset;
  }

  /** Gives memory back that `allocate` took. */
  free(offset: number): void {
    this.module._free(offset);
  }

  /** Makes the heap at least so large, the one way that tfjs notices: taking so much memory and giving it back. */
  reserve(bytes: number): void {
    if (this.memory.buffer.byteLength < bytes) this.free(this.allocate(bytes));
  }

  private get module(): WasmModule {
    return this.backend.wasm as unknown as WasmModule;
  }
}
