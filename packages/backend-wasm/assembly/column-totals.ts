// Sums of columns that stay accurate for any number of rows. A float32 sum of n values, one after another, may be off by n / 2
// units in the last place, and is if rows repeat or have a large mean. So tasks that go down a strip of columns add a few rows
// in float32, and the sums of these blocks in float64. Both are in the memory of the thread.

import { threadMemory } from "./job";
import { loadUpTo, storeUpTo } from "./lanes";
import { STRIP_COLUMNS } from "./partition";
import { load4, store4 } from "./vector";

/** Rows whose sum is kept in float32. */
export const BLOCK_ROWS: u32 = 8;
/** Bytes of the float32 sums of a strip. */
export const LINE: usize = STRIP_COLUMNS * 4;
/** Bytes of its float64 totals. */
export const TOTALS: usize = STRIP_COLUMNS * 8;

/** The float32 sums of quantity `i` of a task that has two at most. */
@inline
export function sumsOf(job: usize, thread: u32, i: usize): usize {
  return threadMemory(job, thread) + i * LINE;
}

/** The float64 totals of quantity `i` of a task that has two at most. */
@inline
export function totalsOf(job: usize, thread: u32, i: usize): usize {
  return threadMemory(job, thread) + 2 * LINE + i * TOTALS;
}

/** Clears sums and totals. */
export function clearTotals(totals: usize, sums: usize): void {
  memory.fill(sums, 0, LINE);
  memory.fill(totals, 0, TOTALS);
}

/** Adds four float32 values to their totals. */
@inline
function addToTotals(totals: usize, value: v128): void {
  const high = v128.shuffle<u64>(value, value, 1, 0);
  v128.store(totals, f64x2.add(v128.load(totals), f64x2.promote_low_f32x4(value)));
  v128.store(totals, f64x2.add(v128.load(totals, 16), f64x2.promote_low_f32x4(high)), 16);
}

/** Adds the sums of a block, `bytes` in all, to the totals, and clears them. */
export function moveToTotals(totals: usize, sums: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    addToTotals(totals + 2 * o, load4(sums + o));
    store4(sums + o, zero);
  }
}

/**
 * The totals of a strip of `bytes` per row. It adds rows in fours, (a + b) + (c + d), so that the total of a constant column
 * is exact.
 */
export function totalColumns(totals: usize, x: usize, rows: u32, stride: usize, bytes: usize): void {
  memory.fill(totals, 0, TOTALS);
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  for (; rows >= 4; rows -= 4) {
    for (let o: usize = 0; o < whole; o += 16) addToTotals(totals + 2 * o, sumOfFour(x + o, stride, 4));
    if (rest) addToTotals(totals + 2 * whole, sumOfFour(x + whole, stride, rest));
    x += 4 * stride;
  }
  for (; rows > 0; rows--) {
    for (let o: usize = 0; o < bytes; o += 16) {
      addToTotals(totals + 2 * o, loadUpTo(x + o, <u32>min<usize>(4, (bytes - o) >> 2)));
    }
    x += stride;
  }
}

/** The sum of four rows. */
@inline
function sumOfFour(x: usize, stride: usize, n: u32): v128 {
  const first = f32x4.add(loadUpTo(x, n), loadUpTo(x + stride, n));
  return f32x4.add(first, f32x4.add(loadUpTo(x + 2 * stride, n), loadUpTo(x + 3 * stride, n)));
}

/** Writes the totals, divided by `divisor`, as float32 values, `bytes` in all. */
export function storeTotals(to: usize, totals: usize, divisor: f64, bytes: usize): void {
  const by = f64x2.splat(divisor);
  for (let o: usize = 0; o < bytes; o += 16) {
    const total = totals + 2 * o;
    const low = f32x4.demote_f64x2_zero(f64x2.div(v128.load(total), by));
    const high = f32x4.demote_f64x2_zero(f64x2.div(v128.load(total, 16), by));
    storeUpTo(to + o, v128.shuffle<u64>(low, high, 0, 2), <u32>min<usize>(4, (bytes - o) >> 2));
  }
}

/** Adds up to four values to the sums at `sum`, which has room for four. */
@inline
export function addTo(sum: usize, value: v128): void {
  store4(sum, f32x4.add(load4(sum), value));
}
