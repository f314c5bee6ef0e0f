// The product of two matrices, C = op(A) op(B), op(A) [M, K], op(B) [K, N], row-major float32; op optionally transposes.
//
// Tiles of TILE_ROWS x TILE_COLUMNS of C are kept in registers while k runs over a block of at most BLOCK. The factors are
// packed first, so that the inner loop reads both sequentially, whatever their layout. All threads together pack all of op(A)
// in panels of TILE_ROWS rows, [panel][k][row]. Each task packs its strip of op(B), one block of k at a time, in panels of
// TILE_COLUMNS columns, [panel][k][column]; it stays in the L2 cache. Panels are padded with zeros.
//
// Every element of C is the sum of its blocks in order, and each block is the sum of its products in order. So the result has
// the same bits for any strip size and any number of threads.

import { JOB, MULTIPLY_STRIP, PACK_ROWS } from "./job";
import { runJob } from "./pool";
import { load4, multiplyAdd, store4 } from "./vector";

// Uses all sixteen registers: 12 for sums, 2 for B, 1 for A, 1 for the compiler. Without fused multiply-add, the product
// needs one more, so the tile has one row fewer.
const TILE_ROWS: u32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;
export const TILE_COLUMNS: u32 = 8;
/** Largest block of k: a panel of either factor then fits in the L1 cache. */
const BLOCK: u32 = 384;
/** Panels of A that a task packs. */
const PANELS_PER_TASK: u32 = 4;

// Arguments of the job, after the operation.
const ROWS: usize = 4;
const COLUMNS: usize = 8;
const INNER: usize = 12;
const A: usize = 16;
const A_STRIDE: usize = 20; // row stride of A in memory, in bytes
const TRANSPOSE_A: usize = 24;
const B: usize = 28;
const B_STRIDE: usize = 32;
const TRANSPOSE_B: usize = 36;
const C: usize = 40;
const C_STRIDE: usize = 44;
const PACKED_A: usize = 48;
const SCRATCH: usize = 52; // offset for thread 0
const SCRATCH_STRIDE: usize = 56; // bytes between threads
const STRIP_COLUMNS: usize = 60;
const STRIP_ROWS: usize = 64;
const STRIPS_ACROSS: usize = 68;

@inline
export function roundUp(value: u32, unit: u32): u32 {
  return ((value + unit - 1) / unit) * unit;
}

/** Size of a block of k. Blocks are as even as possible; all but the last are a multiple of 4. */
@inline
export function blockSize(K: u32): u32 {
  const blocks = (K + BLOCK - 1) / BLOCK;
  return roundUp((K + blocks - 1) / blocks, 4);
}

/** Bytes that packed op(A) takes. */
export function packedBytes(M: u32, K: u32): u32 {
  return roundUp(M, TILE_ROWS) * K * 4;
}

/** Bytes of scratch memory per thread: a packed strip of a block, and a tile. */
export function stripBytes(K: u32, columns: u32): u32 {
  return roundUp(columns, TILE_COLUMNS) * blockSize(K) * 4 + TILE_ROWS * TILE_COLUMNS * 4;
}

/**
 * C = op(A) op(B), for all rows of op(A) and C or a part of them; all sizes are positive. The strides are the row strides of
 * the matrices in memory, in bytes. `packed` has `packedBytes` bytes, `scratch` has `stripBytes` bytes for each thread. Each
 * task computes `stripRows` x `stripColumns` of C; if that is all of C, the calling thread does it alone.
 */
export function matmul(
  control: usize, M: u32, N: u32, K: u32,
  a: usize, aStride: u32, transposeA: u32, b: usize, bStride: u32, transposeB: u32, c: usize,
  packed: usize, scratch: usize, scratchStride: usize, stripRows: u32, stripColumns: u32,
): void {
  stripRows = roundUp(stripRows, TILE_ROWS);
  stripColumns = roundUp(stripColumns, TILE_COLUMNS);
  const job = control + JOB;
  store<u32>(job, PACK_ROWS);
  store<u32>(job, M, ROWS);
  store<u32>(job, N, COLUMNS);
  store<u32>(job, K, INNER);
  store<usize>(job, a, A);
  store<u32>(job, aStride, A_STRIDE);
  store<u32>(job, transposeA, TRANSPOSE_A);
  store<usize>(job, b, B);
  store<u32>(job, bStride, B_STRIDE);
  store<u32>(job, transposeB, TRANSPOSE_B);
  store<usize>(job, c, C);
  store<u32>(job, N << 2, C_STRIDE);
  store<usize>(job, packed, PACKED_A);
  store<usize>(job, scratch, SCRATCH);
  store<usize>(job, scratchStride, SCRATCH_STRIDE);
  store<u32>(job, stripColumns, STRIP_COLUMNS);
  store<u32>(job, stripRows, STRIP_ROWS);
  const across = (N + stripColumns - 1) / stripColumns;
  store<u32>(job, across, STRIPS_ACROSS);
  const strips = across * ((M + stripRows - 1) / stripRows);
  const packs = (M + PANELS_PER_TASK * TILE_ROWS - 1) / (PANELS_PER_TASK * TILE_ROWS);
  if (strips == 1) {
    for (let task: u32 = 0; task < packs; task++) packRows(job, task);
  } else {
    runJob(control, packs);
  }
  store<u32>(job, MULTIPLY_STRIP);
  runJob(control, strips);
}

/** Packs PANELS_PER_TASK panels of op(A). */
export function packRows(job: usize, task: u32): void {
  const first = task * PANELS_PER_TASK * TILE_ROWS;
  const rows = min(PANELS_PER_TASK * TILE_ROWS, load<u32>(job, ROWS) - first);
  const K = load<u32>(job, INNER);
  const stride = <usize>load<u32>(job, A_STRIDE);
  const a = load<usize>(job, A);
  const packed = load<usize>(job, PACKED_A) + <usize>(first * K) * 4;
  if (load<u32>(job, TRANSPOSE_A)) packAlong(packed, a + (first << 2), stride, K, rows, TILE_ROWS);
  else packAcross(packed, a + <usize>first * stride, stride, K, rows, TILE_ROWS);
}

/** Computes a strip of C, from its rows of packed op(A) and its columns of op(B), which it packs. */
export function multiplyStrip(job: usize, task: u32, thread: u32): void {
  const K = load<u32>(job, INNER);
  const N = load<u32>(job, COLUMNS);
  const across = load<u32>(job, STRIPS_ACROSS);
  const stripColumns = load<u32>(job, STRIP_COLUMNS);
  const stripRows = load<u32>(job, STRIP_ROWS);
  const firstColumn = (task % across) * stripColumns;
  const firstRow = (task / across) * stripRows;
  const columns = min(stripColumns, N - firstColumn);
  const rows = min(stripRows, load<u32>(job, ROWS) - firstRow);
  const bStride = <usize>load<u32>(job, B_STRIDE);
  const transposeB = load<u32>(job, TRANSPOSE_B);
  const b = load<usize>(job, B);
  const cStride = <usize>load<u32>(job, C_STRIDE);
  const c = load<usize>(job, C) + <usize>firstRow * cStride + (firstColumn << 2);
  const packedA = load<usize>(job, PACKED_A) + <usize>(firstRow * K) * 4;
  const tile = load<usize>(job, SCRATCH) + <usize>thread * load<usize>(job, SCRATCH_STRIDE);
  const packedB = tile + TILE_ROWS * TILE_COLUMNS * 4;

  const block = blockSize(K);
  for (let k: u32 = 0; k < K; k += block) {
    const depth = min(block, K - k);
    if (transposeB) {
      packAcross(packedB, b + <usize>firstColumn * bStride + (k << 2), bStride, depth, columns, TILE_COLUMNS);
    } else {
      packAlong(packedB, b + <usize>k * bStride + (firstColumn << 2), bStride, depth, columns, TILE_COLUMNS);
    }
    const accumulate: u32 = k > 0 ? 1 : 0;
    for (let i: u32 = 0; i < rows; i += TILE_ROWS) {
      const panelA = packedA + <usize>(i * K + k * TILE_ROWS) * 4;
      const tileRows = min(TILE_ROWS, rows - i);
      const ci = c + <usize>i * cStride;
      for (let j: u32 = 0; j < columns; j += TILE_COLUMNS) {
        const panelB = packedB + <usize>(j * depth) * 4;
        const tileColumns = min(TILE_COLUMNS, columns - j);
        const cij = ci + (j << 2);
        if (tileRows == TILE_ROWS && tileColumns == TILE_COLUMNS) {
          multiplyTile(depth, panelA, panelB, cij, cStride, accumulate);
        } else {
          multiplyTile(depth, panelA, panelB, tile, TILE_COLUMNS * 4, 0);
          copyTile(tile, cij, cStride, tileRows, tileColumns, accumulate);
        }
      }
    }
  }
}

/** Copies a tile, or the part of it inside C, from scratch memory. */
export function copyTile(tile: usize, c: usize, cStride: usize, rows: u32, columns: u32, accumulate: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    for (let j: u32 = 0; j < columns; j++) {
      const to = c + <usize>i * cStride + (j << 2);
      const value = load<f32>(tile + ((i * TILE_COLUMNS + j) << 2));
      store<f32>(to, accumulate ? load<f32>(to) + value : value);
    }
  }
}

/** Computes a tile of C from a panel of each factor. */
export function multiplyTile(depth: u32, a: usize, b: usize, c: usize, cStride: usize, accumulate: u32): void {
  const zero = f32x4.splat(0);
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero;
  let c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
  // Arranged for V8's register allocator: unrolled, or as the first statement of the function, this loop is half as fast.
  if (depth) do {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let row: v128;
    if (TILE_ROWS == 6) {
      row = v128.load32_splat(a, 20);
      c51 = multiplyAdd(row, b1, c51);
      c50 = multiplyAdd(row, b0, c50);
    }
    row = v128.load32_splat(a, 16);
    c41 = multiplyAdd(row, b1, c41);
    c40 = multiplyAdd(row, b0, c40);
    row = v128.load32_splat(a, 12);
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
    a += TILE_ROWS * 4;
    b += TILE_COLUMNS * 4;
  } while (--depth);
  const c1 = c + cStride, c2 = c1 + cStride, c3 = c2 + cStride, c4 = c3 + cStride, c5 = c4 + cStride;
  if (accumulate) {
    c00 = f32x4.add(load4(c), c00); c01 = f32x4.add(v128.load(c, 16), c01);
    c10 = f32x4.add(load4(c1), c10); c11 = f32x4.add(v128.load(c1, 16), c11);
    c20 = f32x4.add(load4(c2), c20); c21 = f32x4.add(v128.load(c2, 16), c21);
    c30 = f32x4.add(load4(c3), c30); c31 = f32x4.add(v128.load(c3, 16), c31);
    c40 = f32x4.add(load4(c4), c40); c41 = f32x4.add(v128.load(c4, 16), c41);
    if (TILE_ROWS == 6) { c50 = f32x4.add(load4(c5), c50); c51 = f32x4.add(v128.load(c5, 16), c51); }
  }
  store4(c, c00); v128.store(c, c01, 16);
  store4(c1, c10); v128.store(c1, c11, 16);
  store4(c2, c20); v128.store(c2, c21, 16);
  store4(c3, c30); v128.store(c3, c31, 16);
  store4(c4, c40); v128.store(c4, c41, 16);
  if (TILE_ROWS == 6) { store4(c5, c50); v128.store(c5, c51, 16); }
}

/**
 * Packs `width` lines in panels of `panel` lines. The lines are interleaved: element (k, w) is at
 * `source + k stride + 4 w`.
 */
@inline
export function packAlong(packed: usize, source: usize, stride: usize, depth: u32, width: u32, panel: u32): void {
  const whole = width / panel;
  const rest = width - whole * panel;
  const panelBytes = <usize>(depth * panel) * 4;
  for (let k: u32 = 0; k < depth; k++) {
    let to = packed + <usize>(k * panel) * 4;
    let from = source + <usize>k * stride;
    for (let p: u32 = 0; p < whole; p++) {
      store4(to, load4(from));
      if (panel == 8) v128.store(to, v128.load(from, 16), 16);
      if (panel == 6) store<u64>(to, load<u64>(from, 16), 16);
      if (panel == 5) store<u32>(to, load<u32>(from, 16), 16);
      to += panelBytes;
      from += <usize>panel * 4;
    }
    if (rest) {
      for (let w: u32 = 0; w < panel; w++) store<f32>(to + (w << 2), w < rest ? load<f32>(from + (w << 2)) : 0);
    }
  }
}

/** Packs lines that are contiguous: element (k, w) is at `source + w stride + 4 k`. */
@inline
export function packAcross(packed: usize, source: usize, stride: usize, depth: u32, width: u32, panel: u32): void {
  const panelStride = <usize>panel * 4;
  for (let first: u32 = 0; first < width; first += panel) {
    const from = source + <usize>first * stride;
    let to = packed + <usize>(first * depth) * 4;
    const lines = min(panel, width - first);
    let k: u32 = 0;
    if (lines == panel) {
      for (; k + 4 <= depth; k += 4) {
        const at = from + (k << 2);
        transpose4x4(to, panelStride, at, stride);
        if (panel == 8) transpose4x4(to + 16, panelStride, at + 4 * stride, stride);
        if (panel == 6) {
          const r0 = load4(at + 4 * stride), r1 = load4(at + 5 * stride);
          const low = v128.shuffle<u32>(r0, r1, 0, 4, 1, 5), high = v128.shuffle<u32>(r0, r1, 2, 6, 3, 7);
          v128.store64_lane(to, low, 0, 16);
          v128.store64_lane(to + panelStride, low, 1, 16);
          v128.store64_lane(to + 2 * panelStride, high, 0, 16);
          v128.store64_lane(to + 3 * panelStride, high, 1, 16);
        }
        if (panel == 5) {
          const line = at + 4 * stride;
          store<u32>(to, load<u32>(line), 16);
          store<u32>(to + panelStride, load<u32>(line, 4), 16);
          store<u32>(to + 2 * panelStride, load<u32>(line, 8), 16);
          store<u32>(to + 3 * panelStride, load<u32>(line, 12), 16);
        }
        to += 4 * panelStride;
      }
    }
    for (; k < depth; k++) {
      for (let w: u32 = 0; w < panel; w++) {
        store<f32>(to + (w << 2), w < lines ? load<f32>(from + <usize>w * stride + (k << 2)) : 0);
      }
      to += panelStride;
    }
  }
}

/** Transposes a 4 x 4 block: four lines to four packed rows. */
@inline
function transpose4x4(to: usize, toStride: usize, from: usize, stride: usize): void {
  const r0 = load4(from), r1 = load4(from + stride), r2 = load4(from + 2 * stride), r3 = load4(from + 3 * stride);
  const t0 = v128.shuffle<u32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<u32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<u32>(r0, r1, 2, 6, 3, 7), t3 = v128.shuffle<u32>(r2, r3, 2, 6, 3, 7);
  store4(to, v128.shuffle<u64>(t0, t1, 0, 2));
  store4(to + toStride, v128.shuffle<u64>(t0, t1, 1, 3));
  store4(to + 2 * toStride, v128.shuffle<u64>(t2, t3, 0, 2));
  store4(to + 3 * toStride, v128.shuffle<u64>(t2, t3, 1, 3));
}
