// Normalization of each column (batch normalization) with gain, bias and rectifier, and its gradient; the formulas are those
// of normalize-rows.ts with means over rows. Each task handles a strip of columns and goes down its rows, so it alone
// computes their sums.

import { addTo, BLOCK_ROWS, clearTotals, moveToTotals, storeTotals, sumsOf, totalColumns, totalsOf } from "./column-totals";
import { loadFirst, loadUpTo, storeFirst, storeUpTo } from "./lanes";
import { STRIP_COLUMNS, tasksOf } from "./partition";
import { JOB, NORMALIZE_COLUMNS, NORMALIZE_COLUMNS_GRADIENT } from "./job";
import { runJob } from "./pool";
import { reluGradient4 } from "./relu";
import { load4, multiplyAdd, store4 } from "./vector";

const ROWS: usize = 4;
const COLUMNS: usize = 8;
const X: usize = 12;
const GAIN: usize = 16; // offset of a vector; 0: the scalar GAIN_SCALAR
const BIAS: usize = 20;
const Y: usize = 24;
const MEAN: usize = 28;
const INVERSE_STD: usize = 32;
const RELU: usize = 36;
const EPSILON: usize = 40;
const GAIN_SCALAR: usize = 44;
const BIAS_SCALAR: usize = 48;
const DY: usize = 52;
const D_MEAN: usize = 56;
const D_INVERSE_STD: usize = 60;
const DX: usize = 64;
const SUMS: usize = 68; // [2, columns]

@inline
function scalarOr(at: usize, otherwise: f32): f32 {
  return at ? load<f32>(at) : otherwise;
}

/** Computes mean and variance of the columns from `first`, in two passes, and writes them to the outputs. */
@inline
function moments(job: usize, thread: u32, first: u32, columns: u32): void {
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  const offset = <usize>first << 2;
  const bytes = <usize>columns << 2;
  const mean = load<usize>(job, MEAN) + offset;
  const sums = sumsOf(job, thread, 0), totals = totalsOf(job, thread, 0);
  let x = load<usize>(job, X) + offset;
  totalColumns(totals, x, load<u32>(job, ROWS), stride, bytes);
  storeTotals(mean, totals, load<u32>(job, ROWS), bytes);

  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  clearTotals(totals, sums);
  for (let rows = load<u32>(job, ROWS); rows > 0; ) {
    const end = rows - min(rows, BLOCK_ROWS);
    for (; rows > end; rows--) {
      for (let o: usize = 0; o < whole; o += 16) addSquareTo(sums + o, x + o, mean + o, 4);
      if (rest) addSquareTo(sums + whole, x + whole, mean + whole, rest);
      x += stride;
    }
    moveToTotals(totals, sums, bytes);
  }
  storeTotals(load<usize>(job, INVERSE_STD) + offset, totals, load<u32>(job, ROWS), bytes);
}

@inline
function addSquareTo(sum: usize, x: usize, mean: usize, n: u32): void {
  const d = f32x4.sub(loadUpTo(x, n), loadUpTo(mean, n));
  store4(sum, multiplyAdd(d, d, load4(sum)));
}

/**
 * Normalizes columns. `gain` and `bias` are vectors, scalars if `gainIsScalar` or `biasIsScalar` is set, or 0 for none.
 */
export function normalizeColumns(
  control: usize, rows: u32, columns: u32, x: usize, gain: usize, gainIsScalar: u32, bias: usize, biasIsScalar: u32,
  epsilon: f32, relu: u32, y: usize, mean: usize, inverseStd: usize,
): void {
  const job = control + JOB;
  store<u32>(job, NORMALIZE_COLUMNS);
  store<u32>(job, rows, ROWS);
  store<u32>(job, columns, COLUMNS);
  store<usize>(job, x, X);
  store<usize>(job, gainIsScalar ? 0 : gain, GAIN);
  store<usize>(job, biasIsScalar ? 0 : bias, BIAS);
  store<f32>(job, gainIsScalar ? scalarOr(gain, 1) : 1, GAIN_SCALAR);
  store<f32>(job, biasIsScalar ? scalarOr(bias, 0) : 0, BIAS_SCALAR);
  store<f32>(job, epsilon, EPSILON);
  store<u32>(job, relu, RELU);
  store<usize>(job, y, Y);
  store<usize>(job, mean, MEAN);
  store<usize>(job, inverseStd, INVERSE_STD);
  runJob(control, tasksOf(columns, STRIP_COLUMNS));
}

export function normalizeColumnsTask(job: usize, task: u32, thread: u32): void {
  const first = task * STRIP_COLUMNS;
  const columns = min(STRIP_COLUMNS, load<u32>(job, COLUMNS) - first);
  moments(job, thread, first, columns);
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  const offset = <usize>first << 2;
  const bytes = <usize>columns << 2;
  const mean = load<usize>(job, MEAN) + offset;
  const inverseStd = load<usize>(job, INVERSE_STD) + offset;
  const one = f32x4.splat(1);
  const epsilon = v128.load32_splat(job + EPSILON);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const root = f32x4.sqrt(f32x4.add(loadUpTo(inverseStd + o, n), epsilon));
    storeUpTo(inverseStd + o, f32x4.div(one, root), n);
  }
  const gain = load<usize>(job, GAIN) ? load<usize>(job, GAIN) + offset : 0;
  const bias = load<usize>(job, BIAS) ? load<usize>(job, BIAS) + offset : 0;
  const gainScalar = v128.load32_splat(job + GAIN_SCALAR);
  const biasScalar = v128.load32_splat(job + BIAS_SCALAR);
  const floor = f32x4.splat(load<u32>(job, RELU) ? 0 : -Infinity);
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  let x = load<usize>(job, X) + offset;
  let y = load<usize>(job, Y) + offset;
  for (let rows = load<u32>(job, ROWS); rows > 0; rows--) {
    for (let o: usize = 0; o < whole; o += 16) {
      const factor = f32x4.mul(load4(inverseStd + o), gain ? load4(gain + o) : gainScalar);
      scale(x + o, mean + o, factor, bias ? load4(bias + o) : biasScalar, floor, y + o, 4);
    }
    if (rest) {
      const o = whole;
      const factor = f32x4.mul(loadFirst(inverseStd + o, rest), gain ? loadFirst(gain + o, rest) : gainScalar);
      scale(x + o, mean + o, factor, bias ? loadFirst(bias + o, rest) : biasScalar, floor, y + o, rest);
    }
    x += stride;
    y += stride;
  }
}

@inline
function scale(x: usize, mean: usize, factor: v128, bias: v128, floor: v128, y: usize, n: u32): void {
  const value = multiplyAdd(f32x4.sub(loadUpTo(x, n), loadUpTo(mean, n)), factor, bias);
  storeUpTo(y, f32x4.pmax(value, floor), n); // operand order matters: NaN stays NaN
}

/**
 * The gradient of `normalizeColumns` from the gradients of its three outputs: dx, and the sums over rows of g xhat and of g,
 * before the gain, at `sums` [2, columns].
 */
export function normalizeColumnsGradient(
  control: usize, rows: u32, columns: u32, dy: usize, dMean: usize, dInverseStd: usize, x: usize, gain: usize,
  gainIsScalar: u32, relu: u32, y: usize, mean: usize, inverseStd: usize, dx: usize, sums: usize,
): void {
  const job = control + JOB;
  store<u32>(job, NORMALIZE_COLUMNS_GRADIENT);
  store<u32>(job, rows, ROWS);
  store<u32>(job, columns, COLUMNS);
  store<usize>(job, x, X);
  store<usize>(job, gainIsScalar ? 0 : gain, GAIN);
  store<f32>(job, gainIsScalar ? scalarOr(gain, 1) : 1, GAIN_SCALAR);
  store<u32>(job, relu, RELU);
  store<usize>(job, y, Y);
  store<usize>(job, mean, MEAN);
  store<usize>(job, inverseStd, INVERSE_STD);
  store<usize>(job, dy, DY);
  store<usize>(job, dMean, D_MEAN);
  store<usize>(job, dInverseStd, D_INVERSE_STD);
  store<usize>(job, dx, DX);
  store<usize>(job, sums, SUMS);
  runJob(control, tasksOf(columns, STRIP_COLUMNS));
}

export function normalizeColumnsGradientTask(job: usize, task: u32, thread: u32): void {
  const first = task * STRIP_COLUMNS;
  const columns = min(STRIP_COLUMNS, load<u32>(job, COLUMNS) - first);
  const rows = load<u32>(job, ROWS);
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  const offset = <usize>first << 2;
  const bytes = <usize>columns << 2;
  const mean = load<usize>(job, MEAN) + offset;
  const inverseStd = load<usize>(job, INVERSE_STD) + offset;
  const dMean = load<usize>(job, D_MEAN) + offset;
  const dInverseStd = load<usize>(job, D_INVERSE_STD) + offset;
  const gain = load<usize>(job, GAIN) ? load<usize>(job, GAIN) + offset : 0;
  const gainScalar = v128.load32_splat(job + GAIN_SCALAR);
  const relu = load<u32>(job, RELU) != 0;
  const products = load<usize>(job, SUMS) + offset;
  const sums = products + stride;
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  const ofProducts = sumsOf(job, thread, 0), productTotals = totalsOf(job, thread, 0);
  const ofSums = sumsOf(job, thread, 1), sumTotals = totalsOf(job, thread, 1);
  clearTotals(productTotals, ofProducts);
  clearTotals(sumTotals, ofSums);
  let x = load<usize>(job, X) + offset;
  let y = load<usize>(job, Y) + offset;
  let dy = load<usize>(job, DY) + offset;
  for (let left = rows; left > 0; ) {
    const end = left - min(left, BLOCK_ROWS);
    for (; left > end; left--) {
      for (let o: usize = 0; o < whole; o += 16) {
        addGradients(dy + o, y + o, relu, x + o, mean + o, inverseStd + o, ofProducts + o, ofSums + o, 4);
      }
      if (rest) {
        const o = whole;
        addGradients(dy + o, y + o, relu, x + o, mean + o, inverseStd + o, ofProducts + o, ofSums + o, rest);
      }
      x += stride;
      y += stride;
      dy += stride;
    }
    moveToTotals(productTotals, ofProducts, bytes);
    moveToTotals(sumTotals, ofSums, bytes);
  }
  storeTotals(products, productTotals, 1, bytes);
  storeTotals(sums, sumTotals, 1, bytes);
  const count = f32x4.splat(<f32>rows);
  x = load<usize>(job, X) + offset;
  y = load<usize>(job, Y) + offset;
  dy = load<usize>(job, DY) + offset;
  let dx = load<usize>(job, DX) + offset;
  for (let row: u32 = 0; row < rows; row++) {
    for (let o: usize = 0; o < whole; o += 16) {
      const weight = gain ? load4(gain + o) : gainScalar;
      const g = relu ? reluGradient4(load4(dy + o), load4(y + o)) : load4(dy + o);
      const value = gradientOf(
        g, x + o, mean + o, inverseStd + o, weight, products + o, sums + o, dMean + o, dInverseStd + o, count, 4,
      );
      store4(dx + o, value);
    }
    if (rest) {
      const o = whole;
      const weight = gain ? loadFirst(gain + o, rest) : gainScalar;
      const g = relu ? reluGradient4(loadFirst(dy + o, rest), loadFirst(y + o, rest)) : loadFirst(dy + o, rest);
      const value = gradientOf(
        g, x + o, mean + o, inverseStd + o, weight, products + o, sums + o, dMean + o, dInverseStd + o, count, rest,
      );
      storeFirst(dx + o, value, rest);
    }
    x += stride;
    y += stride;
    dy += stride;
    dx += stride;
  }
}

/** Adds g xhat and g to their sums. */
@inline
function addGradients(
  dy: usize, y: usize, relu: bool, x: usize, mean: usize, inverseStd: usize, products: usize, sums: usize, n: u32,
): void {
  let g = loadUpTo(dy, n);
  if (relu) g = reluGradient4(g, loadUpTo(y, n));
  const xhat = f32x4.mul(f32x4.sub(loadUpTo(x, n), loadUpTo(mean, n)), loadUpTo(inverseStd, n));
  store4(products, multiplyAdd(g, xhat, load4(products)));
  addTo(sums, g);
}

/** dx = f g - (f (sum of g + xhat sum of g xhat) - dMean + xhat inverseStd^2 dInverseStd) / R, f = gain inverseStd. */
@inline
function gradientOf(
  g: v128, x: usize, mean: usize, inverseStd: usize, gain: v128, products: usize, sums: usize, dMean: usize,
  dInverseStd: usize, count: v128, n: u32,
): v128 {
  const inverse = loadUpTo(inverseStd, n);
  const factor = f32x4.mul(inverse, gain);
  const xhat = f32x4.mul(f32x4.sub(loadUpTo(x, n), loadUpTo(mean, n)), inverse);
  const fromSums = f32x4.mul(factor, multiplyAdd(xhat, loadUpTo(products, n), loadUpTo(sums, n)));
  const slope = f32x4.mul(f32x4.mul(inverse, inverse), loadUpTo(dInverseStd, n));
  const fromStatistics = f32x4.sub(loadUpTo(dMean, n), f32x4.mul(xhat, slope));
  return f32x4.sub(f32x4.mul(g, factor), f32x4.div(f32x4.sub(fromSums, fromStatistics), count));
}
