import type { KernelContext } from './own-kernel';

/** Columns per strip: the columns of op(b) that are packed together stay in a core's cache. */
const STRIP_COLUMNS = 64;
/** Strips per thread, enough that no thread waits long for another at the end. */
const STRIPS_PER_THREAD = 5;
/** The fewest rows per strip. With fewer, packing its columns costs too much. */
const FEWEST_STRIP_ROWS = 96;
/** Multiply-adds that are not worth sharing: about 10 microseconds. */
const NOT_WORTH_SHARING = 300_000;
/** The most bytes of packed rows, and the most rows; larger products are computed in parts. */
const LARGEST_PACKED_BYTES = 2 ** 26;
const MOST_ROWS = 2 ** 20;
/** Up to this many rows, packing does not pay off, and the second factor is used unpacked (matmul-few-rows.ts). */
export const MOST_FEW_ROWS = 12;
/** Elements of their product that stay in the L1 cache together with the second factor. */
const FEW_ROWS_STRIP = 4096;
/** Tasks per thread for products with few rows. */
const TASKS_PER_THREAD = 2;
/** Columns per panel of a packed factor, and the bytes that each thread needs for a tile (matmul-packed.ts). */
const PANEL_COLUMNS = 8;
const TILE_BYTES = 128;
/** The most strips side by side. */
const MOST_STRIPS = 2 ** 12;

/** The product of two matrices, op(a) [rows, inner] and op(b) [inner, columns]; all sizes are positive. */
export interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Elements from row to row of a in memory. @default the size of its rows */
  readonly aStride?: number;
}

/**
 * Computes c = op(a) op(b), all given by heap offsets; see assembly/matmul.ts.
 *
 * @param bTensor the tensor whose data is exactly b, if any: its packed form may be cached
 */
export function multiply(
  context: KernelContext,
  product: Product,
  a: number,
  b: number,
  c: number,
  bTensor?: { readonly dataId: object },
): void {
  if (!product.transposeB && product.rows <= MOST_FEW_ROWS) multiplyFewRows(context, product, a, b, c, bTensor);
  else multiplyManyRows(context, product, a, b, c);
}

function multiplyManyRows(
  { pool }: KernelContext,
  { rows, columns, inner, transposeA, transposeB, aStride = transposeA ? rows : inner }: Product,
  a: number,
  b: number,
  c: number,
): void {
  pool.compute((kernels) => {
    const atOnce = Math.max(1, Math.min(rows, MOST_ROWS, Math.floor(LARGEST_PACKED_BYTES / (4 * inner))));
    const strip = stripSize(atOnce, columns, inner, pool.threads);
    const stripBytes = align(kernels.stripBytes(inner, strip.columns));
    const packedBytes = align(kernels.packedBytes(atOnce, inner));
    const packed = pool.scratch(packedBytes + stripBytes * pool.threads);
    for (let row = 0; row < rows; row += atOnce) {
      kernels.matmul(
        pool.control,
        Math.min(atOnce, rows - row),
        columns,
        inner,
        a + 4 * row * (transposeA ? 1 : aStride),
        4 * aStride,
        Number(transposeA),
        b,
        4 * (transposeB ? inner : columns),
        Number(transposeB),
        c + 4 * row * columns,
        packed,
        packed + packedBytes,
        stripBytes,
        strip.rows,
        strip.columns,
      );
    }
  });
}

/** Uses packed b if keeping it packed pays off, else b itself. */
function multiplyFewRows(
  { pool, packedFactors }: KernelContext,
  { rows, columns, inner, transposeA, aStride = transposeA ? rows : inner }: Product,
  a: number,
  b: number,
  c: number,
  bTensor: { readonly dataId: object } | undefined,
): void {
  const [aRow, aInner] = transposeA ? [4, 4 * aStride] : [4 * aStride, 4];
  const isShared = pool.threads > 1 && rows * columns * inner >= NOT_WORTH_SHARING;
  const tasks = isShared ? TASKS_PER_THREAD * pool.threads : 1;
  pool.compute((kernels) => {
    const packed =
      bTensor &&
      packedFactors.find(bTensor, inner, columns, kernels.packedColumnsBytes(columns, inner), (to) =>
        kernels.packColumns(pool.control, columns, inner, b, to),
      );
    if (packed === undefined) {
      const widest = Math.max(64, FEW_ROWS_STRIP / rows, columns / MOST_STRIPS);
      const strip = 4 * Math.ceil(Math.min(widest, columns / tasks) / 4);
      const stride = align(4 * rows * strip);
      const scratch = pool.scratch(stride * pool.threads);
      kernels.matmulFewRows(
        pool.control, rows, columns, inner, a, aRow, aInner, b, c, strip, scratch, stride,
      ); // prettier-ignore
      return;
    }
    const panels = Math.ceil(columns / PANEL_COLUMNS / tasks);
    const packedBytes = align(kernels.packedFewRowsBytes(rows, inner));
    const scratch = pool.scratch(packedBytes + TILE_BYTES * pool.threads);
    const tiles = scratch + packedBytes;
    kernels.matmulPacked(
      pool.control, rows, columns, inner, a, aRow, aInner, packed, c, panels, scratch, tiles, TILE_BYTES,
    ); // prettier-ignore
  });
}

/** The size of a task: some columns with all of their rows, or fewer rows if there are not enough columns for all threads. */
function stripSize(rows: number, columns: number, inner: number, threads: number): { rows: number; columns: number } {
  const widest = Math.max(STRIP_COLUMNS, Math.ceil(columns / MOST_STRIPS));
  if (threads === 1) return { rows, columns: Math.min(columns, widest) };
  if (rows * columns * inner < NOT_WORTH_SHARING) return { rows, columns };
  const wanted = STRIPS_PER_THREAD * threads;
  const width = Math.min(widest, Math.max(16, 8 * Math.ceil(columns / wanted / 8)));
  const down = Math.ceil(wanted / Math.ceil(columns / width));
  return { rows: Math.min(rows, Math.max(FEWEST_STRIP_ROWS, Math.ceil(rows / down))), columns: width };
}

/** Rounds up to a multiple of two cache lines, the distance between memory that different threads write. */
function align(bytes: number): number {
  return 128 * Math.ceil(bytes / 128);
}
