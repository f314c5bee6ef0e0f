import type { WasmRuntime } from '../wasm-runtime';

/** A packed matrix is worth its memory from so many products with few rows on. */
const USES_BEFORE = 7;
/** Bytes of packed matrices at most; what would go beyond is multiplied as it lies. */
const MOST_BYTES = 2 ** 28;

/** Where a packed matrix begins: at a cache line, lest every fourth vector of it lie across two. */
const ALIGNMENT = 64;

interface PackedFactor {
  /** What was taken from the heap. */
  readonly base: number;
  /** Where the matrix begins in it. */
  readonly offset: number;
  readonly bytes: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Second factors of products that were packed and are kept so as long as their tensors live: a model's weights, while it
 * groups one input after another. They are known by the identity of their data, which never changes, and by their shape,
 * which a reshaping does change.
 *
 * Training never gets here: a step's weights are new, and used a few times.
 */
export class PackedFactors {
  private readonly uses = new WeakMap<object, number>();
  private readonly packed = new Map<object, PackedFactor>();
  private taken = 0;

  constructor(private readonly runtime: WasmRuntime) {
    runtime.onRelease((dataId) => this.forget(dataId));
  }

  /** Bytes that are taken from the heap. */
  get bytes(): number {
    return this.taken;
  }

  /**
   * The packed matrix of a tensor, packed where it has been asked for often enough. It may make the heap grow.
   *
   * @param bytes what it takes
   * @param pack packs it, to an offset
   * @returns its offset; undefined where the matrix is to be multiplied as it lies
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

  /** Memory, unless the heap has none: it is then better left to tensors. */
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
