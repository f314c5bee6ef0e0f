/** A word that no kernel writes: a NaN with a unique bit pattern. */
const GUARD = 0x7fc0_beef;
/** Guard words before and after each allocation. */
const WORDS = 32;

/**
 * A memory that surrounds allocations with guard words. It detects kernels that write past the end of their memory, which
 * would silently corrupt other tensors.
 */
export class GuardedMemory {
  readonly memory: WebAssembly.Memory;
  private top = 1024;
  private kept = 1024;
  private readonly guards: number[] = [];

  constructor(pages: number, shared: boolean) {
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared });
  }

  /** Allocates memory filled with the guard's NaN, so that reads before a write show up. */
  allocate(bytes: number): number {
    const guard = () => {
      this.words(this.top, WORDS).fill(GUARD);
      this.guards.push(this.top);
      this.top += 4 * WORDS;
    };
    guard();
    const offset = this.top;
    const words = Math.ceil(bytes / 4);
    this.words(offset, words).fill(GUARD);
    this.top += 4 * words;
    guard();
    // Kernels may rely only on a multiple of 4.
    this.top = 8 * Math.ceil(this.top / 8) + 4;
    return offset;
  }

  /** Allocates memory for values. */
  place(values: ArrayLike<number>): number {
    const offset = this.allocate(4 * values.length);
    this.floats(offset, values.length).set(values);
    return offset;
  }

  /** Keeps the current allocations when the rest is released. */
  keep(): void {
    this.kept = this.top;
  }

  /** A view of values. */
  floats(offset: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, offset, count);
  }

  /** Fails if a guard word was overwritten. */
  check(): void {
    for (const guard of this.guards) {
      const written = this.words(guard, WORDS).findIndex((word) => word !== GUARD);
      if (written !== -1) throw new Error(`a guard word was written at ${guard + 4 * written}`);
    }
  }

  /** Releases all allocations since `keep()`. */
  release(): void {
    this.top = this.kept;
    this.guards.length = 0;
  }

  /** A view of words. */
  words(offset: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, offset, count);
  }
}
