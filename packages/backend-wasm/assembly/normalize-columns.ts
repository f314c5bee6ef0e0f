// Normalization of each column (batch normalization) with gain, bias and rectifier, and its gradient; the formulas are those
// of normalize-rows.ts with the means over rows. A task takes a strip of columns and goes down its rows, so that all sums
// are its own; they lie where the results will be.

import { loadUpTo, storeUpTo } from "./lanes";
import { STRIP_COLUMNS, tasksOf } from "./partition";
import { JOB, runJob } from "./pool";
import { relu4, reluGradient4 } from "./relu";
import { NORMALIZE_COLUMNS, NORMALIZE_COLUMNS_GRADIENT } from "./tasks";
import { multiplyAdd } from "./vector";

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

// @ts-ignore: decorator
@inline
function scalarOr(at: usize, otherwise: f32): f32 {
  return at ? load<f32>(at) : otherwise;
}

/** Mean and variance of the columns from `first`, where they are to be. */
// @ts-ignore: decorator
@inline
function moments(job: usize, first: u32, columns: u32): void {
  const rows = load<u32>(job, ROWS);
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  const offset = <usize>first << 2;
  const bytes = <usize>columns << 2;
  const mean = load<usize>(job, MEAN) + offset;
  const variance = load<usize>(job, INVERSE_STD) + offset;
  const count = f32x4.splat(<f32>rows);
  memory.fill(mean, 0, bytes);
  memory.fill(variance, 0, bytes);
  let x = load<usize>(job, X) + offset;
  for (let row: u32 = 0; row < rows; row++) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const n = <u32>min<usize>(4, (bytes - o) >> 2);
      storeUpTo(mean + o, f32x4.add(loadUpTo(mean + o, n), loadUpTo(x + o, n)), n);
    }
    x += stride;
  }
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    storeUpTo(mean + o, f32x4.div(loadUpTo(mean + o, n), count), n);
  }
  x = load<usize>(job, X) + offset;
  for (let row: u32 = 0; row < rows; row++) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const n = <u32>min<usize>(4, (bytes - o) >> 2);
      const d = f32x4.sub(loadUpTo(x + o, n), loadUpTo(mean + o, n));
      storeUpTo(variance + o, multiplyAdd(d, d, loadUpTo(variance + o, n)), n);
    }
    x += stride;
  }
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    storeUpTo(variance + o, f32x4.div(loadUpTo(variance + o, n), count), n);
  }
}

/**
 * Normalizes columns. `gain` and `bias` are vectors, or scalars where `gainIsScalar` and `biasIsScalar` say so, or 0 where
 * there is none.
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

export function normalizeColumnsTask(job: usize, task: u32): void {
  const first = task * STRIP_COLUMNS;
  const columns = min(STRIP_COLUMNS, load<u32>(job, COLUMNS) - first);
  moments(job, first, columns);
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
  const relu = load<u32>(job, RELU) != 0;
  let x = load<usize>(job, X) + offset;
  let y = load<usize>(job, Y) + offset;
  for (let rows = load<u32>(job, ROWS); rows > 0; rows--) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const n = <u32>min<usize>(4, (bytes - o) >> 2);
      const factor = f32x4.mul(loadUpTo(inverseStd + o, n), gain ? loadUpTo(gain + o, n) : gainScalar);
      let v = f32x4.mul(f32x4.sub(loadUpTo(x + o, n), loadUpTo(mean + o, n)), factor);
      v = f32x4.add(v, bias ? loadUpTo(bias + o, n) : biasScalar);
      storeUpTo(y + o, relu ? relu4(v) : v, n);
    }
    x += stride;
    y += stride;
  }
}

/**
 * The gradient of `normalizeColumns` from the gradients of its three outputs: dx, and at `sums`, [2, columns], the sums
 * over rows of g xhat and of g, before the gain.
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

export function normalizeColumnsGradientTask(job: usize, task: u32): void {
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
  memory.fill(products, 0, bytes);
  memory.fill(sums, 0, bytes);
  let x = load<usize>(job, X) + offset;
  let y = load<usize>(job, Y) + offset;
  let dy = load<usize>(job, DY) + offset;
  for (let row: u32 = 0; row < rows; row++) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const n = <u32>min<usize>(4, (bytes - o) >> 2);
      let g = loadUpTo(dy + o, n);
      if (relu) g = reluGradient4(g, loadUpTo(y + o, n));
      const xhat = f32x4.mul(f32x4.sub(loadUpTo(x + o, n), loadUpTo(mean + o, n)), loadUpTo(inverseStd + o, n));
      storeUpTo(products + o, multiplyAdd(g, xhat, loadUpTo(products + o, n)), n);
      storeUpTo(sums + o, f32x4.add(loadUpTo(sums + o, n), g), n);
    }
    x += stride;
    y += stride;
    dy += stride;
  }
  const count = f32x4.splat(<f32>rows);
  x = load<usize>(job, X) + offset;
  y = load<usize>(job, Y) + offset;
  dy = load<usize>(job, DY) + offset;
  let dx = load<usize>(job, DX) + offset;
  for (let row: u32 = 0; row < rows; row++) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const n = <u32>min<usize>(4, (bytes - o) >> 2);
      const inverse = loadUpTo(inverseStd + o, n);
      const factor = f32x4.mul(inverse, gain ? loadUpTo(gain + o, n) : gainScalar);
      let g = loadUpTo(dy + o, n);
      if (relu) g = reluGradient4(g, loadUpTo(y + o, n));
      const xhat = f32x4.mul(f32x4.sub(loadUpTo(x + o, n), loadUpTo(mean + o, n)), inverse);
      // dx R = factor (R g - sum of g - xhat sum of g xhat) + dMean - xhat inverse^2 dInverseStd
      const fromSums = multiplyAdd(xhat, loadUpTo(products + o, n), loadUpTo(sums + o, n));
      const slope = f32x4.mul(f32x4.mul(inverse, inverse), loadUpTo(dInverseStd + o, n));
      const fromStatistics = f32x4.sub(loadUpTo(dMean + o, n), f32x4.mul(xhat, slope));
      const means = f32x4.div(f32x4.sub(f32x4.mul(factor, fromSums), fromStatistics), count);
      storeUpTo(dx + o, f32x4.sub(f32x4.mul(g, factor), means), n);
    }
    x += stride;
    y += stride;
    dy += stride;
    dx += stride;
  }
}
