// The product of a few rows and a matrix, C = op(A) B, with op(A) [M, K] and unpacked B [K, N], row-major float32. A Tagger
// computes such products when it groups a single input.
//
// It takes as long as reading B from memory once; packing would cost more than the product itself. Along a strip of columns,
// it adds four rows of B at a time, each scaled by its element of op(A), to two rows of C at a time. The strip of C stays in
// the L1 cache, and so do the four rows of B until all rows of C have used them.
//
// Every element of C is summed block by block, as in matmul.ts. So the result has the same bits for any strip size, and
// whether rows are few or many. The sums of every block but the first are computed in scratch memory.

import { blockSize } from "./matmul";
import { JOB, MULTIPLY_FEW_ROWS } from "./job";
import { runJob } from "./pool";
import { load4, multiplyAdd, store4 } from "./vector";

// Arguments of the job, after the operation.
const ROWS: usize = 4;
const COLUMNS: usize = 8;
const INNER: usize = 12;
const A: usize = 16;
const A_ROW: usize = 20;
const A_INNER: usize = 24;
const B: usize = 28;
const C: usize = 32;
const STRIP_COLUMNS: usize = 36;
const SCRATCH: usize = 40; // offset for thread 0
const SCRATCH_STRIDE: usize = 44; // bytes between threads

/**
 * C = op(A) B; all sizes are positive. `aRow` and `aInner` are the strides of op(A) in bytes, from row to row and along a
 * row. Each task computes `stripColumns` columns of C, a multiple of 4; `scratch` holds that many columns of C for each
 * thread.
 */
export function matmulFewRows(
  control: usize, M: u32, N: u32, K: u32, a: usize, aRow: u32, aInner: u32, b: usize, c: usize, stripColumns: u32,
  scratch: usize, scratchStride: usize,
): void {
  const job = control + JOB;
  store<u32>(job, MULTIPLY_FEW_ROWS);
  store<u32>(job, M, ROWS);
  store<u32>(job, N, COLUMNS);
  store<u32>(job, K, INNER);
  store<usize>(job, a, A);
  store<u32>(job, aRow, A_ROW);
  store<u32>(job, aInner, A_INNER);
  store<usize>(job, b, B);
  store<usize>(job, c, C);
  store<u32>(job, stripColumns, STRIP_COLUMNS);
  store<usize>(job, scratch, SCRATCH);
  store<usize>(job, scratchStride, SCRATCH_STRIDE);
  runJob(control, (N + stripColumns - 1) / stripColumns);
}

/** Computes a strip of C. */
export function multiplyFewRowsTask(job: usize, task: u32, thread: u32): void {
  const M = load<u32>(job, ROWS);
  const N = load<u32>(job, COLUMNS);
  const K = load<u32>(job, INNER);
  const a = load<usize>(job, A);
  const aInner = <usize>load<u32>(job, A_INNER);
  const stripColumns = load<u32>(job, STRIP_COLUMNS);
  const first = task * stripColumns;
  const columns = min(stripColumns, N - first);
  const stride = <usize>N << 2;
  const b = load<usize>(job, B) + (<usize>first << 2);
  const c = load<usize>(job, C) + (<usize>first << 2);
  const aside = load<usize>(job, SCRATCH) + <usize>thread * load<usize>(job, SCRATCH_STRIDE);
  const asideStride = <usize>columns << 2;

  const block = blockSize(K);
  multiplyBlock(job, M, columns, min(block, K), a, b, stride, c, stride);
  for (let k = block; k < K; k += block) {
    multiplyBlock(job, M, columns, min(block, K - k), a + <usize>k * aInner, b + <usize>k * stride, stride, aside, asideStride);
    for (let i: u32 = 0; i < M; i++) addTo(c + <usize>i * stride, aside + <usize>i * asideStride, columns);
  }
}

/** The product for one block of k, the rows of B from `b` on; the result goes to `c`. */
function multiplyBlock(
  job: usize, M: u32, columns: u32, K: u32, a: usize, b: usize, stride: usize, c: usize, cStride: usize,
): void {
  const aRow = <usize>load<u32>(job, A_ROW);
  const aInner = <usize>load<u32>(job, A_INNER);
  const vectors = columns & ~3;
  const bytes = <usize>vectors << 2;
  if (bytes) {
    for (let i: u32 = 0; i < M; i++) memory.fill(c + <usize>i * cStride, 0, bytes);
    const pairs = M & ~1;
    const quads = K & ~3;
    for (let k: u32 = 0; k < quads; k += 4) {
      const ak = a + <usize>k * aInner;
      const bk = b + <usize>k * stride;
      for (let i: u32 = 0; i < pairs; i += 2) {
        addFourToTwo(ak + <usize>i * aRow, aRow, aInner, bk, stride, c + <usize>i * cStride, cStride, bytes);
      }
      if (pairs < M) addFourToOne(ak + <usize>pairs * aRow, aInner, bk, stride, c + <usize>pairs * cStride, bytes);
    }
    for (let k = quads; k < K; k++) {
      for (let i: u32 = 0; i < M; i++) {
        addOneToOne(a + <usize>i * aRow + <usize>k * aInner, b + <usize>k * stride, c + <usize>i * cStride, bytes);
      }
    }
  }
  // Columns that do not fill a vector are computed in vectors too, so that they are rounded the same way.
  for (let j = vectors; j < columns; j++) {
    for (let i: u32 = 0; i < M; i++) {
      let sum = f32x4.splat(0);
      let ai = a + <usize>i * aRow;
      let bj = b + (<usize>j << 2);
      for (let k: u32 = 0; k < K; k++) {
        sum = multiplyAdd(v128.load32_splat(ai), v128.load32_splat(bj), sum);
        ai += aInner;
        bj += stride;
      }
      store<f32>(c + <usize>i * cStride + (<usize>j << 2), f32x4.extract_lane(sum, 0));
    }
  }
}

/** Adds the elements at `from` to those at `to`. */
function addTo(to: usize, from: usize, count: u32): void {
  const end = to + (<usize>count << 2);
  const whole = to + (<usize>(count & ~3) << 2);
  for (; to < whole; to += 16, from += 16) store4(to, f32x4.add(load4(to), load4(from)));
  for (; to < end; to += 4, from += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
}

/** Adds four rows of B, each scaled by its element of op(A), to two rows of C. `bytes` is positive. */
export function addFourToTwo(
  a: usize, aRow: usize, aInner: usize, b: usize, stride: usize, c: usize, cStride: usize, bytes: usize,
): void {
  const below = a + aRow;
  const a00 = v128.load32_splat(a), a10 = v128.load32_splat(below);
  const a01 = v128.load32_splat(a + aInner), a11 = v128.load32_splat(below + aInner);
  const a02 = v128.load32_splat(a + 2 * aInner), a12 = v128.load32_splat(below + 2 * aInner);
  const a03 = v128.load32_splat(a + 3 * aInner), a13 = v128.load32_splat(below + 3 * aInner);
  let b1 = b + stride, b2 = b1 + stride, b3 = b2 + stride, c1 = c + cStride;
  const end = c + bytes;
  do {
    let bk = load4(b);
    let c0v = multiplyAdd(a00, bk, load4(c));
    let c1v = multiplyAdd(a10, bk, load4(c1));
    bk = load4(b1);
    c0v = multiplyAdd(a01, bk, c0v);
    c1v = multiplyAdd(a11, bk, c1v);
    bk = load4(b2);
    c0v = multiplyAdd(a02, bk, c0v);
    c1v = multiplyAdd(a12, bk, c1v);
    bk = load4(b3);
    store4(c, multiplyAdd(a03, bk, c0v));
    store4(c1, multiplyAdd(a13, bk, c1v));
    b += 16; b1 += 16; b2 += 16; b3 += 16; c1 += 16; c += 16;
  } while (c < end);
}

/** Adds four rows of B, each scaled by its element of op(A), to a row of C. `bytes` is positive. */
export function addFourToOne(a: usize, aInner: usize, b: usize, stride: usize, c: usize, bytes: usize): void {
  const a0 = v128.load32_splat(a), a1 = v128.load32_splat(a + aInner);
  const a2 = v128.load32_splat(a + 2 * aInner), a3 = v128.load32_splat(a + 3 * aInner);
  let b1 = b + stride, b2 = b1 + stride, b3 = b2 + stride;
  const end = c + bytes;
  do {
    let sum = multiplyAdd(a0, load4(b), load4(c));
    sum = multiplyAdd(a1, load4(b1), sum);
    sum = multiplyAdd(a2, load4(b2), sum);
    store4(c, multiplyAdd(a3, load4(b3), sum));
    b += 16; b1 += 16; b2 += 16; b3 += 16; c += 16;
  } while (c < end);
}

/** Adds a row of B, scaled by an element of op(A), to a row of C. */
function addOneToOne(a: usize, b: usize, c: usize, bytes: usize): void {
  const factor = v128.load32_splat(a);
  for (const end = c + bytes; c < end; c += 16, b += 16) store4(c, multiplyAdd(factor, load4(b), load4(c)));
}
