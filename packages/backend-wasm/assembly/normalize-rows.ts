// Normalization of each row (layer normalization) with gain, bias and rectifier, and its gradient.
//
//     y  = activation( (x - mean) inverseStd gain + bias )
//     dx = inverseStd (g - (mean(g) - dMean / (D inverseStd)) - xhat (mean(g xhat) + dInverseStd inverseStd / D))
//
// with g = gain dy (only where y > 0, if rectified) and xhat = (x - mean) inverseStd. Each task handles a range of rows. The
// gradients of gain and bias are sums over rows: each task computes partial sums, and a second job adds them up.

import { keepFirst, loadFirst, storeFirst } from "./lanes";
import { rowsPerTask, tasksOf, STRIP_COLUMNS } from "./partition";
import { JOB, NORMALIZE_ROWS, NORMALIZE_ROWS_GRADIENT, SUM_PARTS } from "./job";
import { runJob } from "./pool";
import { relu4, reluGradient4 } from "./relu";
import { addDoubles, sumDoubles } from "./sum-values";
import { load4, multiplyAdd, store4 } from "./vector";

const ROWS: usize = 4;
const COLUMNS: usize = 8;
const TASK_ROWS: usize = 12;
const X: usize = 16;
const GAIN: usize = 20; // offset of a vector; 0: the scalar GAIN_SCALAR
const BIAS: usize = 24;
const Y: usize = 28;
const MEAN: usize = 32;
const INVERSE_STD: usize = 36;
const RELU: usize = 40;
const EPSILON: usize = 44;
const GAIN_SCALAR: usize = 48;
const BIAS_SCALAR: usize = 52;
const DY: usize = 56;
const D_MEAN: usize = 60;
const D_INVERSE_STD: usize = 64;
const DX: usize = 68;
const PARTS: usize = 72; // [tasks, 2, columns] or, for scalars, [tasks, 2]: sums of g xhat and of g, before the gain
const SUMS: usize = 76; // their totals
const PART_SIZE: usize = 80; // 2 columns, or 2; 0 if no sums are needed
const PART_COUNT: usize = 84;

/** The most rows per task of the gradient. */
const MOST_ROWS: u32 = 32;
/** Bytes of a row whose sums are kept in float32. */
const BLOCK_BYTES: usize = 512;

@inline
function scalarOr(at: usize, otherwise: f32): f32 {
  return at ? load<f32>(at) : otherwise;
}

/**
 * Normalizes rows. `gain` and `bias` are vectors, scalars if `gainIsScalar` or `biasIsScalar` is set, or 0 for none.
 */
export function normalizeRows(
  control: usize, rows: u32, columns: u32, x: usize, gain: usize, gainIsScalar: u32, bias: usize, biasIsScalar: u32,
  epsilon: f32, relu: u32, y: usize, mean: usize, inverseStd: usize,
): void {
  const job = control + JOB;
  const taskRows = rowsPerTask(rows, columns);
  store<u32>(job, NORMALIZE_ROWS);
  store<u32>(job, rows, ROWS);
  store<u32>(job, columns, COLUMNS);
  store<u32>(job, taskRows, TASK_ROWS);
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
  runJob(control, tasksOf(rows, taskRows));
}

export function normalizeRowsTask(job: usize, task: u32): void {
  const columns = load<u32>(job, COLUMNS);
  const first = task * load<u32>(job, TASK_ROWS);
  const rows = min(load<u32>(job, TASK_ROWS), load<u32>(job, ROWS) - first);
  const stride = <usize>columns << 2;
  const whole = stride & ~15;
  const rest = columns & 3;
  const gain = load<usize>(job, GAIN);
  const bias = load<usize>(job, BIAS);
  const relu = load<u32>(job, RELU) != 0;
  const biasScalar = v128.load32_splat(job + BIAS_SCALAR);
  let x = load<usize>(job, X) + <usize>first * stride;
  let y = load<usize>(job, Y) + <usize>first * stride;
  for (let row = first; row < first + rows; row++) {
    const end = x + whole;
    let sum = f64x2.splat(0);
    let p = x;
    for (; p + 64 <= end; p += 64) {
      const low = f32x4.add(load4(p), v128.load(p, 16)), high = f32x4.add(v128.load(p, 32), v128.load(p, 48));
      sum = addDoubles(sum, f32x4.add(low, high));
    }
    for (; p < end; p += 16) sum = addDoubles(sum, load4(p));
    if (rest) sum = addDoubles(sum, loadFirst(p, rest));
    const mean = <f32>(sumDoubles(sum) / <f64>columns);
    const center = f32x4.splat(mean);

    sum = f64x2.splat(0);
    for (p = x; p + 64 <= end; p += 64) {
      const d0 = f32x4.sub(load4(p), center), d1 = f32x4.sub(v128.load(p, 16), center);
      const d2 = f32x4.sub(v128.load(p, 32), center), d3 = f32x4.sub(v128.load(p, 48), center);
      const low = multiplyAdd(d0, d0, f32x4.mul(d1, d1)), high = multiplyAdd(d2, d2, f32x4.mul(d3, d3));
      sum = addDoubles(sum, f32x4.add(low, high));
    }
    for (; p < end; p += 16) {
      const d = f32x4.sub(load4(p), center);
      sum = addDoubles(sum, f32x4.mul(d, d));
    }
    if (rest) {
      const d = keepFirst(f32x4.sub(loadFirst(p, rest), center), rest);
      sum = addDoubles(sum, f32x4.mul(d, d));
    }
    const variance = <f32>(sumDoubles(sum) / <f64>columns);
    const inverseStd: f32 = 1 / sqrt<f32>(variance + load<f32>(job, EPSILON));
    store<f32>(load<usize>(job, MEAN) + (row << 2), mean);
    store<f32>(load<usize>(job, INVERSE_STD) + (row << 2), inverseStd);

    const factor = f32x4.splat(inverseStd * load<f32>(job, GAIN_SCALAR));
    for (let o: usize = 0; o < whole; o += 16) {
      let v = f32x4.mul(f32x4.sub(load4(x + o), center), factor);
      if (gain) v = f32x4.mul(v, load4(gain + o));
      v = f32x4.add(v, bias ? load4(bias + o) : biasScalar);
      store4(y + o, relu ? relu4(v) : v);
    }
    if (rest) {
      let v = f32x4.mul(f32x4.sub(loadFirst(x + whole, rest), center), factor);
      if (gain) v = f32x4.mul(v, loadFirst(gain + whole, rest));
      v = f32x4.add(v, bias ? loadFirst(bias + whole, rest) : biasScalar);
      storeFirst(y + whole, relu ? relu4(v) : v, rest);
    }
    x += stride;
    y += stride;
  }
}

/** Few rows, because a task adds them in float32; their sums are added in float64. */
function gradientRowsPerTask(rows: u32, columns: u32): u32 {
  return min(rowsPerTask(rows, columns), max<u32>(MOST_ROWS, rowsPerTask(rows, u32.MAX_VALUE)));
}

/** Bytes of scratch memory that the gradient of `normalizeRows` needs. */
export function normalizeRowsGradientBytes(rows: u32, columns: u32): u32 {
  return tasksOf(rows, gradientRowsPerTask(rows, columns)) * 2 * max<u32>(1, columns) * 4;
}

/**
 * The gradient of `normalizeRows` from the gradients of its three outputs. It also computes the sums of g xhat and of g,
 * before the gain, at `sums`: per column, [2, columns], if `sumsFor` is 2; over all values, [2], if it is 1; not at all if it
 * is 0. `parts` is scratch memory.
 */
export function normalizeRowsGradient(
  control: usize, rows: u32, columns: u32, dy: usize, dMean: usize, dInverseStd: usize, x: usize, gain: usize,
  gainIsScalar: u32, relu: u32, y: usize, mean: usize, inverseStd: usize, dx: usize, sumsFor: u32, parts: usize, sums: usize,
): void {
  const job = control + JOB;
  const taskRows = gradientRowsPerTask(rows, columns);
  const tasks = tasksOf(rows, taskRows);
  const partSize = sumsFor == 2 ? 2 * columns : sumsFor == 1 ? 2 : 0;
  store<u32>(job, NORMALIZE_ROWS_GRADIENT);
  store<u32>(job, rows, ROWS);
  store<u32>(job, columns, COLUMNS);
  store<u32>(job, taskRows, TASK_ROWS);
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
  store<usize>(job, parts, PARTS);
  store<usize>(job, sums, SUMS);
  store<u32>(job, partSize, PART_SIZE);
  store<u32>(job, tasks, PART_COUNT);
  runJob(control, tasks);
  if (partSize) {
    store<u32>(job, SUM_PARTS);
    runJob(control, tasksOf(partSize, STRIP_COLUMNS));
  }
}

export function normalizeRowsGradientTask(job: usize, task: u32): void {
  const columns = load<u32>(job, COLUMNS);
  const first = task * load<u32>(job, TASK_ROWS);
  const rows = min(load<u32>(job, TASK_ROWS), load<u32>(job, ROWS) - first);
  const stride = <usize>columns << 2;
  const whole = stride & ~15;
  const rest = columns & 3;
  const gain = load<usize>(job, GAIN);
  const gainScalar = load<f32>(job, GAIN_SCALAR);
  const relu = load<u32>(job, RELU) != 0;
  const partSize = load<u32>(job, PART_SIZE);
  const part = load<usize>(job, PARTS) + <usize>(task * partSize) * 4;
  // With one column, the sums over all values are those of the column; without gain and bias, there is no part.
  const columnSums = partSize == 2 * columns;
  if (partSize) memory.fill(part, 0, <usize>partSize << 2);
  const partOfGain = part, partOfBias = part + stride;
  let x = load<usize>(job, X) + <usize>first * stride;
  let y = load<usize>(job, Y) + <usize>first * stride;
  let dy = load<usize>(job, DY) + <usize>first * stride;
  let dx = load<usize>(job, DX) + <usize>first * stride;
  for (let row = first; row < first + rows; row++) {
    const at = <usize>row << 2;
    const mean = f32x4.splat(load<f32>(load<usize>(job, MEAN) + at));
    const inverseStd = load<f32>(load<usize>(job, INVERSE_STD) + at);
    const inverse = f32x4.splat(inverseStd);
    // Sums of g and g xhat, before and after the gain.
    const zero = f32x4.splat(0);
    let totals = f64x2.splat(0), products = totals, weighedTotals = totals, weighedProducts = totals;
    for (let o: usize = 0; o < whole; ) {
      let sum = zero, product = zero, weighedSum = zero, weighedProduct = zero;
      for (const end = min(whole, o + BLOCK_BYTES); o < end; o += 16) {
        let g = load4(dy + o);
        if (relu) g = reluGradient4(g, load4(y + o));
        const gx = f32x4.mul(g, f32x4.mul(f32x4.sub(load4(x + o), mean), inverse));
        sum = f32x4.add(sum, g);
        product = f32x4.add(product, gx);
        if (gain) {
          const weight = load4(gain + o);
          weighedSum = multiplyAdd(g, weight, weighedSum);
          weighedProduct = multiplyAdd(gx, weight, weighedProduct);
        }
        if (columnSums) {
          store4(partOfGain + o, f32x4.add(load4(partOfGain + o), gx));
          store4(partOfBias + o, f32x4.add(load4(partOfBias + o), g));
        }
      }
      totals = addDoubles(totals, sum);
      products = addDoubles(products, product);
      weighedTotals = addDoubles(weighedTotals, weighedSum);
      weighedProducts = addDoubles(weighedProducts, weighedProduct);
    }
    if (rest) {
      let g = loadFirst(dy + whole, rest);
      if (relu) g = reluGradient4(g, loadFirst(y + whole, rest));
      const gx = f32x4.mul(g, f32x4.mul(f32x4.sub(loadFirst(x + whole, rest), mean), inverse));
      totals = addDoubles(totals, g);
      products = addDoubles(products, gx);
      if (gain) {
        const weight = loadFirst(gain + whole, rest);
        weighedTotals = addDoubles(weighedTotals, f32x4.mul(g, weight));
        weighedProducts = addDoubles(weighedProducts, f32x4.mul(gx, weight));
      }
      if (columnSums) {
        storeFirst(partOfGain + whole, f32x4.add(loadFirst(partOfGain + whole, rest), gx), rest);
        storeFirst(partOfBias + whole, f32x4.add(loadFirst(partOfBias + whole, rest), g), rest);
      }
    }
    const total = <f32>sumDoubles(totals), totalProduct = <f32>sumDoubles(products);
    if (partSize && !columnSums) {
      store<f32>(part, load<f32>(part) + totalProduct);
      store<f32>(part, load<f32>(part, 4) + total, 4);
    }
    const n = <f32>columns;
    const meanOfG = (gain ? <f32>sumDoubles(weighedTotals) : total * gainScalar) / n;
    const meanOfProduct = (gain ? <f32>sumDoubles(weighedProducts) : totalProduct * gainScalar) / n;
    const offset = f32x4.splat(meanOfG * inverseStd - load<f32>(load<usize>(job, D_MEAN) + at) / n);
    const slope = f32x4.splat(
      inverseStd * (meanOfProduct + (load<f32>(load<usize>(job, D_INVERSE_STD) + at) * inverseStd) / n),
    );
    const factor = f32x4.splat(inverseStd * gainScalar);
    for (let o: usize = 0; o < whole; o += 16) {
      let g = load4(dy + o);
      if (relu) g = reluGradient4(g, load4(y + o));
      if (gain) g = f32x4.mul(g, load4(gain + o));
      const xhat = f32x4.mul(f32x4.sub(load4(x + o), mean), inverse);
      store4(dx + o, f32x4.sub(f32x4.sub(f32x4.mul(g, factor), offset), f32x4.mul(xhat, slope)));
    }
    if (rest) {
      let g = loadFirst(dy + whole, rest);
      if (relu) g = reluGradient4(g, loadFirst(y + whole, rest));
      if (gain) g = f32x4.mul(g, loadFirst(gain + whole, rest));
      const xhat = f32x4.mul(f32x4.sub(loadFirst(x + whole, rest), mean), inverse);
      const value = f32x4.sub(f32x4.sub(f32x4.mul(g, factor), offset), f32x4.mul(xhat, slope));
      storeFirst(dx + whole, value, rest);
    }
    x += stride;
    y += stride;
    dy += stride;
    dx += stride;
  }
}

/** Adds up the partial sums of STRIP_COLUMNS columns. */
export function sumPartsTask(job: usize, task: u32): void {
  const size = load<u32>(job, PART_SIZE);
  const count = load<u32>(job, PART_COUNT);
  const parts = load<usize>(job, PARTS);
  const sums = load<usize>(job, SUMS);
  const last = min(size, (task + 1) * STRIP_COLUMNS);
  let column = task * STRIP_COLUMNS;
  for (; column + 4 <= last; column += 4) {
    let at = parts + (<usize>column << 2);
    let low = f64x2.splat(0), high = low;
    for (let i: u32 = 0; i < count; i++) {
      const part = load4(at);
      low = f64x2.add(low, f64x2.promote_low_f32x4(part));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<u64>(part, part, 1, 0)));
      at += <usize>size << 2;
    }
    const sum = v128.shuffle<u64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
    store4(sums + (<usize>column << 2), sum);
  }
  for (; column < last; column++) {
    let at = parts + (<usize>column << 2);
    let sum: f64 = 0;
    for (let i: u32 = 0; i < count; i++) {
      sum += load<f32>(at);
      at += <usize>size << 2;
    }
    store<f32>(sums + (<usize>column << 2), <f32>sum);
  }
}
