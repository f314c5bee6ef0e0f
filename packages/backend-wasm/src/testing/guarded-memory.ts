/** A word that no kernel writes: a NaN with a pattern of its own. */
const GUARD = 0x7fc0_beef;
/** Guard words before and after each allocation. */
const WORDS = 32;

/**
 * A memory whose allocations lie between guard words: a kernel that writes past the end of its memory silently destroys
 * other tensors, and is found here.
 */
export class GuardedMemory {
  readonly memory: WebAssembly.Memory;
  private top = 1024;
  private kept = 1024;
  private readonly guards: number[] = [];

  constructor(pages: number, shared: boolean) {
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared });
  }

  /** Takes memory, filled with the guard's NaN: what is read before it is written shows. */
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
    // Nothing but a multiple of 4 is promised to kernels.
    this.top = 8 * Math.ceil(this.top / 8) + 4;
    return offset;
  }

  /** Takes memory for values. */
  place(values: ArrayLike<number>): number {
    const offset = this.allocate(4 * values.length);
    this.floats(offset, values.length).set(values);
    return offset;
  }

  /** Keeps what was taken so far when the rest is released. */
  keep(): void {
    this.kept = this.top;
  }

  /** A view of values. */
  floats(offset: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, offset, count);
  }

  /** Fails where a guard word was written. */
  check(): void {
    for (const guard of this.guards) {
      const written = this.words(guard, WORDS).findIndex((word) => word !== GUARD);
      if (written !== -1) throw new Error(`a guard word was written at ${guard + 4 * written}`);
    }
  }

  /** Forgets what was taken since `keep()`. */
  release(): void {
    this.top = this.kept;
    this.guards.length = 0;
  }

  private words(offset: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, offset, count);
  }
}
