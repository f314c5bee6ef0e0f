// The product of a few rows and a matrix that is kept packed, C = op(A) B, op(A) [M, K], B [K, N]. A Tagger computes such
// products when it groups one input after another with the same weights.
//
// It takes as long as reading B from memory once, sequentially: B is stored in panels of TILE_COLUMNS columns,
// [panel][k][column], padded with zeros. Tiles of FEW_ROWS x TILE_COLUMNS of C are kept in registers, and all rows of C use a
// block of a panel before the next block is read. Each call packs op(A) the same way, [tile][k][row].
//
// Every element of C is summed block by block, as in matmul.ts, so packing does not change any bits.

import { blockSize, copyTile, packAcross, packAlong, roundUp, TILE_COLUMNS } from "./matmul";
import { JOB, MULTIPLY_PACKED, PACK_COLUMNS } from "./job";
import { runJob } from "./pool";
import { load4, multiplyAdd, store4 } from "./vector";

/** Rows per tile. A row is usually a group of the one input. */
const FEW_ROWS: u32 = 4;
/** Panels that a task packs: a 64-byte cache line spans two panels. */
const PANELS_PER_TASK: u32 = 8;

// Arguments of the jobs, after the operation.
const ROWS: usize = 4;
const COLUMNS: usize = 8;
const INNER: usize = 12;
const PACKED_A: usize = 16;
const B: usize = 20; // unpacked when packing, packed in the product
const C: usize = 24; // packed B, when packing
const PANELS: usize = 28; // per task
const SCRATCH: usize = 32; // offset for thread 0
const SCRATCH_STRIDE: usize = 36; // bytes between threads

/** Bytes that packed B takes. */
export function packedColumnsBytes(N: u32, K: u32): u32 {
  return roundUp(N, TILE_COLUMNS) * K * 4;
}

/** Bytes that packed op(A) takes. */
export function packedFewRowsBytes(M: u32, K: u32): u32 {
  return roundUp(M, FEW_ROWS) * K * 4;
}

/** Packs B; all sizes are positive. */
export function packColumns(control: usize, N: u32, K: u32, b: usize, packed: usize): void {
  const job = control + JOB;
  const panels = (N + TILE_COLUMNS - 1) / TILE_COLUMNS;
  // A job has at most 65535 tasks.
  const perTask = max(PANELS_PER_TASK, (panels + 32767) / 32768);
  store<u32>(job, PACK_COLUMNS);
  store<u32>(job, N, COLUMNS);
  store<u32>(job, K, INNER);
  store<usize>(job, b, B);
  store<usize>(job, packed, C);
  store<u32>(job, perTask, PANELS);
  runJob(control, (panels + perTask - 1) / perTask);
}

/** Packs some panels of B. */
export function packColumnsTask(job: usize, task: u32): void {
  const N = load<u32>(job, COLUMNS);
  const K = load<u32>(job, INNER);
  const first = task * load<u32>(job, PANELS) * TILE_COLUMNS;
  const columns = min(load<u32>(job, PANELS) * TILE_COLUMNS, N - first);
  const from = load<usize>(job, B) + (<usize>first << 2);
  packAlong(load<usize>(job, C) + <usize>first * K * 4, from, <usize>N << 2, K, columns, TILE_COLUMNS);
}

/**
 * C = op(A) B; all sizes are positive. `aRow` and `aInner` are the strides of op(A) in bytes, from row to row and along a
 * row; one of them is 4. `b` is B packed by `packColumns`. `packedA` has `packedFewRowsBytes` bytes, `scratch` has 128 bytes for each thread.
 * Each task computes `panels` panels of C.
 */
export function matmulPacked(
  control: usize, M: u32, N: u32, K: u32, a: usize, aRow: u32, aInner: u32, b: usize, c: usize, panels: u32,
  packedA: usize, scratch: usize, scratchStride: usize,
): void {
  const job = control + JOB;
  packFewRows(M, K, a, aRow, aInner, packedA);
  store<u32>(job, MULTIPLY_PACKED);
  store<u32>(job, M, ROWS);
  store<u32>(job, N, COLUMNS);
  store<u32>(job, K, INNER);
  store<usize>(job, packedA, PACKED_A);
  store<usize>(job, b, B);
  store<usize>(job, c, C);
  store<u32>(job, panels, PANELS);
  store<usize>(job, scratch, SCRATCH);
  store<usize>(job, scratchStride, SCRATCH_STRIDE);
  runJob(control, (N + panels * TILE_COLUMNS - 1) / (panels * TILE_COLUMNS));
}

/** Computes some panels of C. */
export function multiplyPackedTask(job: usize, task: u32, thread: u32): void {
  const M = load<u32>(job, ROWS);
  const N = load<u32>(job, COLUMNS);
  const K = load<u32>(job, INNER);
  const stride = <usize>N << 2;
  const packedA = load<usize>(job, PACKED_A);
  const b = load<usize>(job, B);
  const c = load<usize>(job, C);
  const tile = load<usize>(job, SCRATCH) + <usize>thread * load<usize>(job, SCRATCH_STRIDE);
  const first = task * load<u32>(job, PANELS) * TILE_COLUMNS;
  const end = min(N, first + load<u32>(job, PANELS) * TILE_COLUMNS);
  const block = blockSize(K);
  for (let j = first; j < end; j += TILE_COLUMNS) {
    const columns = min(TILE_COLUMNS, N - j);
    for (let k: u32 = 0; k < K; k += block) {
      const depth = min(block, K - k);
      const bk = b + (<usize>j * K + <usize>k * TILE_COLUMNS) * 4;
      const accumulate: u32 = k > 0 ? 1 : 0;
      for (let i: u32 = 0; i < M; i += FEW_ROWS) {
        const rows = min(FEW_ROWS, M - i);
        const ak = packedA + <usize>(i * K + k * FEW_ROWS) * 4;
        const cij = c + <usize>i * stride + (<usize>j << 2);
        if (rows == FEW_ROWS && columns == TILE_COLUMNS) {
          multiplyFourRows(depth, ak, bk, cij, stride, accumulate);
        } else {
          multiplyFourRows(depth, ak, bk, tile, TILE_COLUMNS * 4, 0);
          copyTile(tile, cij, stride, rows, columns, accumulate);
        }
      }
    }
  }
}

/**
 * Computes a tile of C from a panel of each factor: multiplyTile with fewer rows, unrolled by hand because V8 keeps only such
 * sums in registers.
 */
export function multiplyFourRows(depth: u32, a: usize, b: usize, c: usize, cStride: usize, accumulate: u32): void {
  const zero = f32x4.splat(0);
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
  // Arranged for V8's register allocator; see multiplyTile.
  if (depth) do {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let row = v128.load32_splat(a, 12);
    c31 = multiplyAdd(row, b1, c31);
    c30 = multiplyAdd(row, b0, c30);
    row = v128.load32_splat(a, 8);
    c21 = multiplyAdd(row, b1, c21);
    c20 = multiplyAdd(row, b0, c20);
    row = v128.load32_splat(a, 4);
    c11 = multiplyAdd(row, b1, c11);
    c10 = multiplyAdd(row, b0, c10);
    row = v128.load32_splat(a);
    c01 = multiplyAdd(row, b1, c01);
    c00 = multiplyAdd(row, b0, c00);
    a += FEW_ROWS * 4;
    b += TILE_COLUMNS * 4;
  } while (--depth);
  const c1 = c + cStride, c2 = c1 + cStride, c3 = c2 + cStride;
  if (accumulate) {
    c00 = f32x4.add(load4(c), c00); c01 = f32x4.add(v128.load(c, 16), c01);
    c10 = f32x4.add(load4(c1), c10); c11 = f32x4.add(v128.load(c1, 16), c11);
    c20 = f32x4.add(load4(c2), c20); c21 = f32x4.add(v128.load(c2, 16), c21);
    c30 = f32x4.add(load4(c3), c30); c31 = f32x4.add(v128.load(c3, 16), c31);
  }
  store4(c, c00); v128.store(c, c01, 16);
  store4(c1, c10); v128.store(c1, c11, 16);
  store4(c2, c20); v128.store(c2, c21, 16);
  store4(c3, c30); v128.store(c3, c31, 16);
}

/** Packs op(A) in tiles of FEW_ROWS rows. */
function packFewRows(M: u32, K: u32, a: usize, aRow: usize, aInner: usize, packed: usize): void {
  if (aInner == 4) packAcross(packed, a, aRow, K, M, FEW_ROWS);
  else packAlong(packed, a, aInner, K, M, FEW_ROWS);
}
