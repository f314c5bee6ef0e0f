import type { WasmRuntime } from '../wasm-runtime';

/** The number of products with few rows after which a packed matrix is worth its memory. */
const USES_BEFORE = 7;
/** The most bytes of packed matrices; matrices beyond that are multiplied unpacked. */
const MOST_BYTES = 2 ** 28;

/** Alignment of a packed matrix: a cache line, so that no vector straddles two lines. */
const ALIGNMENT = 64;

interface PackedFactor {
  /** The offset of the allocation on the heap. */
  readonly base: number;
  /** The offset of the matrix within it. */
  readonly offset: number;
  readonly bytes: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Caches packed second factors of products for as long as their tensors live, such as a model's weights while it groups one
 * input after another. The key is the identity of their data, which never changes, and their shape, which reshaping does
 * change.
 *
 * Training never fills this cache: the weights of a step are new, and used only a few times.
 */
export class PackedFactors {
  private readonly uses = new WeakMap<object, number>();
  private readonly packed = new Map<object, PackedFactor>();
  private taken = 0;

  constructor(private readonly runtime: WasmRuntime) {
    runtime.onRelease((dataId) => this.forget(dataId));
  }

  /** Bytes allocated on the heap. */
  get bytes(): number {
    return this.taken;
  }

  /**
   * Returns the packed matrix of a tensor, and packs it once it has been requested often enough. This may grow the heap.
   *
   * @param bytes the size of the packed matrix
   * @param pack packs the matrix to an offset
   * @returns its offset; undefined if the matrix should be multiplied unpacked
   */
  find(
    { dataId }: { readonly dataId: object },
    rows: number,
    columns: number,
    bytes: number,
    pack: (offset: number) => void,
  ): number | undefined {
    const known = this.packed.get(dataId);
    if (known !== undefined) return known.rows === rows && known.columns === columns ? known.offset : undefined;
    const uses = this.uses.get(dataId) ?? 0;
    if (uses < USES_BEFORE) {
      this.uses.set(dataId, uses + 1);
      return undefined;
    }
    if (this.taken + bytes > MOST_BYTES) return undefined;
    const base = this.allocate(bytes + ALIGNMENT);
    if (base === undefined) return undefined;
    const offset = ALIGNMENT * Math.ceil(base / ALIGNMENT);
    pack(offset);
    this.packed.set(dataId, { base, offset, bytes, rows, columns });
    this.taken += bytes;
    return offset;
  }

  /** Allocates memory, unless the heap is full: it is then better left to tensors. */
  private allocate(bytes: number): number | undefined {
    try {
      return this.runtime.allocate(bytes);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  private forget(dataId: object): void {
    const known = this.packed.get(dataId);
    if (known === undefined) return;
    this.packed.delete(dataId);
    this.runtime.free(known.base);
    this.taken -= known.bytes;
  }
}
