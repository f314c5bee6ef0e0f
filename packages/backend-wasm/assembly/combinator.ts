// The Ladder's combinator of the lateral s and the vertical u, and its gradient.
//
//     out     = (s - mu(u)) gate(u) + mu(u)
//     mu(u)   = a1 sigmoid(a2 u + a3) + a4 u + a5
//     gate(u) = sigmoid( a6 sigmoid(a7 u + a8) + a9 u + a10 )      or without the outer sigmoid
//
// Each task handles a strip of columns. It copies the strip's part of a1 .. a10 to the thread's memory, one row per vector at
// a fixed stride, and goes down the rows. So it alone sums the gradients of the vectors, which are sums over rows. Each row
// takes two passes, the inner sigmoids first. In a single pass, two dependent sigmoids would form a chain of operations too
// long for the processor to overlap with the next vector's.

import { addTo, LINE, moveToTotals, storeTotals, TOTALS } from "./column-totals";
import { prepareExponential, sigmoid4 } from "./exponential";
import { loadFirst, storeFirst } from "./lanes";
import { STRIP_COLUMNS, tasksOf } from "./partition";
import { JOB, COMBINATOR, COMBINATOR_GRADIENT, threadMemory } from "./job";
import { runJob } from "./pool";
import { load4, multiplyAdd, store4 } from "./vector";

const ROWS: usize = 4;
const COLUMNS: usize = 8;
const S: usize = 12;
const U: usize = 16;
const LINEAR: usize = 20; // whether to omit the outer sigmoid
const OUT: usize = 24; // or dS
const DY: usize = 28;
const DU: usize = 32;
const A: usize = 36; // a1 .. a10
const DA: usize = 76; // the gradients of a1 .. a10: up to 116

// Rows of the thread's memory: a1 .. a10 are rows 0 to 9.
const INNER_1: usize = 10 * LINE;
const INNER_2: usize = 11 * LINE;
const A1_A2: usize = 12 * LINE;
const A6_A7: usize = 13 * LINE;
const SUMS: usize = 14 * LINE; // rows of the gradients of a1 .. a10
const ALL_TOTALS: usize = 24 * LINE; // their totals, as float64
/** Rows whose sums are added in float32: more than in column-totals.ts, because there are ten sums. */
const BLOCK_ROWS: u32 = 32;

@inline
function storeVectors(job: usize, at: usize, v1: usize, v2: usize, v3: usize, v4: usize, v5: usize, v6: usize, v7: usize,
  v8: usize, v9: usize, v10: usize): void {
  store<usize>(job + at, v1);
  store<usize>(job + at, v2, 4);
  store<usize>(job + at, v3, 8);
  store<usize>(job + at, v4, 12);
  store<usize>(job + at, v5, 16);
  store<usize>(job + at, v6, 20);
  store<usize>(job + at, v7, 24);
  store<usize>(job + at, v8, 28);
  store<usize>(job + at, v9, 32);
  store<usize>(job + at, v10, 36);
}

/** The combinator of `rows` x `columns`. */
export function combinator(
  control: usize, rows: u32, columns: u32, s: usize, u: usize, linear: u32, out: usize,
  a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: usize, a7: usize, a8: usize, a9: usize, a10: usize,
): void {
  const job = control + JOB;
  store<u32>(job, COMBINATOR);
  store<u32>(job, rows, ROWS);
  store<u32>(job, columns, COLUMNS);
  store<usize>(job, s, S);
  store<usize>(job, u, U);
  store<u32>(job, linear, LINEAR);
  store<usize>(job, out, OUT);
  storeVectors(job, A, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10);
  prepareExponential(job);
  runJob(control, tasksOf(columns, STRIP_COLUMNS));
}

/** The gradient of the combinator with respect to s, u, and the ten vectors a1 .. a10, which follow them. */
export function combinatorGradient(
  control: usize, rows: u32, columns: u32, dy: usize, s: usize, u: usize, linear: u32, ds: usize, du: usize,
  a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: usize, a7: usize, a8: usize, a9: usize,
  a10: usize, da1: usize, da2: usize, da3: usize, da4: usize, da5: usize, da6: usize, da7: usize, da8: usize, da9: usize,
  da10: usize,
): void {
  const job = control + JOB;
  store<u32>(job, COMBINATOR_GRADIENT);
  store<u32>(job, rows, ROWS);
  store<u32>(job, columns, COLUMNS);
  store<usize>(job, dy, DY);
  store<usize>(job, s, S);
  store<usize>(job, u, U);
  store<u32>(job, linear, LINEAR);
  store<usize>(job, ds, OUT);
  store<usize>(job, du, DU);
  storeVectors(job, A, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10);
  storeVectors(job, DA, da1, da2, da3, da4, da5, da6, da7, da8, da9, da10);
  prepareExponential(job);
  runJob(control, tasksOf(columns, STRIP_COLUMNS));
}

/** Copies the strip's part of a1 .. a10 to the thread's memory. */
function gather(job: usize, scratch: usize, column: u32, columns: u32): void {
  for (let i: usize = 0; i < 10; i++) {
    const from = load<usize>(job + A + (i << 2)) + (<usize>column << 2);
    memory.copy(scratch + i * LINE, from, <usize>columns << 2);
  }
}

/** sigmoid(slope u + offset), where slope and offset are rows of the thread's memory. */
@inline
function inner(u: v128, at: usize, slope: usize, job: usize): v128 {
  return sigmoid4(multiplyAdd(u, load4(at + slope), load4(at + slope + LINE)), job);
}

/** The first pass over a row: the inner sigmoids. */
@inline
function innerSigmoids(u: usize, scratch: usize, whole: usize, rest: u32, job: usize): void {
  for (let o: usize = 0; o < whole; o += 16) {
    const value = load4(u + o);
    const at = scratch + o;
    store4(at + INNER_1, inner(value, at, LINE, job));
    store4(at + INNER_2, inner(value, at, 6 * LINE, job));
  }
  if (rest) {
    const value = loadFirst(u + whole, rest);
    const at = scratch + whole;
    store4(at + INNER_1, inner(value, at, LINE, job));
    store4(at + INNER_2, inner(value, at, 6 * LINE, job));
  }
}

/** mu of u. */
@inline
function muOf(u: v128, at: usize): v128 {
  return multiplyAdd(load4(at), load4(at + INNER_1), multiplyAdd(u, load4(at + 3 * LINE), load4(at + 4 * LINE)));
}

/** The gate of u. */
@inline
function gateOf(u: v128, at: usize, linear: bool, job: usize): v128 {
  const value = multiplyAdd(
    load4(at + 5 * LINE),
    load4(at + INNER_2),
    multiplyAdd(u, load4(at + 8 * LINE), load4(at + 9 * LINE)),
  );
  return linear ? value : sigmoid4(value, job);
}

@inline
function combine(s: v128, u: v128, at: usize, linear: bool, job: usize): v128 {
  const mu = muOf(u, at);
  return multiplyAdd(f32x4.sub(s, mu), gateOf(u, at, linear, job), mu);
}

export function combinatorTask(job: usize, task: u32, thread: u32): void {
  const first = task * STRIP_COLUMNS;
  const columns = min(STRIP_COLUMNS, load<u32>(job, COLUMNS) - first);
  const whole = (<usize>columns << 2) & ~15;
  const rest = columns & 3;
  const scratch = threadMemory(job, thread);
  memory.fill(scratch, 0, SUMS);
  gather(job, scratch, first, columns);
  const linear = load<u32>(job, LINEAR) != 0;
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  let s = load<usize>(job, S) + (<usize>first << 2);
  let u = load<usize>(job, U) + (<usize>first << 2);
  let out = load<usize>(job, OUT) + (<usize>first << 2);
  for (let rows = load<u32>(job, ROWS); rows > 0; rows--) {
    innerSigmoids(u, scratch, whole, rest, job);
    for (let o: usize = 0; o < whole; o += 16) {
      store4(out + o, combine(load4(s + o), load4(u + o), scratch + o, linear, job));
    }
    if (rest) {
      const value = combine(loadFirst(s + whole, rest), loadFirst(u + whole, rest), scratch + whole, linear, job);
      storeFirst(out + whole, value, rest);
    }
    s += stride;
    u += stride;
    out += stride;
  }
}

@inline
function addProductTo(at: usize, a: v128, b: v128): void {
  store4(at, multiplyAdd(a, b, load4(at)));
}

/** The second pass over a vector of a row, backward: adds to the sums, stores dS and returns dU. */
@inline
function gradient(
  dy: v128, s: v128, u: v128, at: usize, linear: bool, one: v128, job: usize, ds: usize, count: u32,
): v128 {
  const mu = muOf(u, at);
  const gate = gateOf(u, at, linear, job);
  const dS = f32x4.mul(dy, gate);
  if (count == 4) store4(ds, dS);
  else storeFirst(ds, dS, count);
  const dMu = f32x4.sub(dy, dS);
  let dLinear = f32x4.mul(dy, f32x4.sub(s, mu));
  if (!linear) dLinear = f32x4.mul(dLinear, f32x4.mul(gate, f32x4.sub(one, gate)));
  const inner1 = load4(at + INNER_1), inner2 = load4(at + INNER_2);
  // Without the factors a1 and a6, which are the same for all rows: they are applied after the sums.
  const d1 = f32x4.mul(dMu, f32x4.mul(inner1, f32x4.sub(one, inner1)));
  const d2 = f32x4.mul(dLinear, f32x4.mul(inner2, f32x4.sub(one, inner2)));
  const sums = at + SUMS;
  addProductTo(sums, dMu, inner1);
  addProductTo(sums + LINE, d1, u);
  addTo(sums + 2 * LINE, d1);
  addProductTo(sums + 3 * LINE, dMu, u);
  addTo(sums + 4 * LINE, dMu);
  addProductTo(sums + 5 * LINE, dLinear, inner2);
  addProductTo(sums + 6 * LINE, d2, u);
  addTo(sums + 7 * LINE, d2);
  addProductTo(sums + 8 * LINE, dLinear, u);
  addTo(sums + 9 * LINE, dLinear);
  return f32x4.add(
    multiplyAdd(d1, load4(at + A1_A2), f32x4.mul(dMu, load4(at + 3 * LINE))),
    multiplyAdd(d2, load4(at + A6_A7), f32x4.mul(dLinear, load4(at + 8 * LINE))),
  );
}

export function combinatorGradientTask(job: usize, task: u32, thread: u32): void {
  const first = task * STRIP_COLUMNS;
  const columns = min(STRIP_COLUMNS, load<u32>(job, COLUMNS) - first);
  const whole = (<usize>columns << 2) & ~15;
  const rest = columns & 3;
  const scratch = threadMemory(job, thread);
  memory.fill(scratch, 0, ALL_TOTALS + 10 * TOTALS);
  gather(job, scratch, first, columns);
  for (let o: usize = 0; o < LINE; o += 16) {
    const at = scratch + o;
    store4(at + A1_A2, f32x4.mul(load4(at), load4(at + LINE)));
    store4(at + A6_A7, f32x4.mul(load4(at + 5 * LINE), load4(at + 6 * LINE)));
  }
  const linear = load<u32>(job, LINEAR) != 0;
  const one = f32x4.splat(1);
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  let dy = load<usize>(job, DY) + (<usize>first << 2);
  let s = load<usize>(job, S) + (<usize>first << 2);
  let u = load<usize>(job, U) + (<usize>first << 2);
  let ds = load<usize>(job, OUT) + (<usize>first << 2);
  let du = load<usize>(job, DU) + (<usize>first << 2);
  for (let rows = load<u32>(job, ROWS); rows > 0; ) {
    const end = rows - min(rows, BLOCK_ROWS);
    for (; rows > end; rows--) {
      innerSigmoids(u, scratch, whole, rest, job);
      for (let o: usize = 0; o < whole; o += 16) {
        const value = gradient(load4(dy + o), load4(s + o), load4(u + o), scratch + o, linear, one, job, ds + o, 4);
        store4(du + o, value);
      }
      if (rest) {
        const value = gradient(
          loadFirst(dy + whole, rest), loadFirst(s + whole, rest), loadFirst(u + whole, rest), scratch + whole, linear, one,
          job, ds + whole, rest,
        );
        storeFirst(du + whole, value, rest);
      }
      dy += stride;
      s += stride;
      u += stride;
      ds += stride;
      du += stride;
    }
    for (let i: usize = 0; i < 10; i++) moveToTotals(scratch + ALL_TOTALS + i * TOTALS, scratch + SUMS + i * LINE, LINE);
  }
  for (let i: usize = 0; i < 10; i++) storeTotals(scratch + SUMS + i * LINE, scratch + ALL_TOTALS + i * TOTALS, 1, LINE);
  for (let o: usize = 0; o < LINE; o += 16) {
    const at = scratch + o, sums = at + SUMS;
    const a1 = load4(at), a6 = load4(at + 5 * LINE);
    store4(sums + LINE, f32x4.mul(load4(sums + LINE), a1));
    store4(sums + 2 * LINE, f32x4.mul(load4(sums + 2 * LINE), a1));
    store4(sums + 6 * LINE, f32x4.mul(load4(sums + 6 * LINE), a6));
    store4(sums + 7 * LINE, f32x4.mul(load4(sums + 7 * LINE), a6));
  }
  for (let i: usize = 0; i < 10; i++) {
    const to = load<usize>(job + DA + (i << 2)) + (<usize>first << 2);
    memory.copy(to, scratch + SUMS + i * LINE, <usize>columns << 2);
  }
}
