// Sums of columns: alone, and as part of the gradients of biases and gains. Each task handles a strip of columns and goes
// down its rows, so it alone computes their sums.

import { addTo, BLOCK_ROWS, clearTotals, moveToTotals, storeTotals, sumsOf, totalColumns, totalsOf } from "./column-totals";
import { loadUpTo, storeUpTo } from "./lanes";
import { STRIP_COLUMNS, tasksOf } from "./partition";
import { JOB, BIAS_RELU_GRADIENT, BIAS_SCALE_GRADIENT, SUM_COLUMNS } from "./job";
import { runJob } from "./pool";
import { reluGradient4 } from "./relu";
import { load4, multiplyAdd, store4 } from "./vector";

const ROWS: usize = 4;
const COLUMNS: usize = 8;
const X: usize = 12;
const SUM: usize = 16;
const DY: usize = 20;
const DX: usize = 24;
const BIAS: usize = 28;
const GAIN: usize = 32;
const D_GAIN: usize = 36;

/** The sum of each column of x [rows, columns]. */
export function sumColumns(control: usize, rows: u32, columns: u32, x: usize, sum: usize): void {
  const job = control + JOB;
  store<u32>(job, SUM_COLUMNS);
  store<u32>(job, rows, ROWS);
  store<u32>(job, columns, COLUMNS);
  store<usize>(job, x, X);
  store<usize>(job, sum, SUM);
  runJob(control, tasksOf(columns, STRIP_COLUMNS));
}

export function sumColumnsTask(job: usize, task: u32, thread: u32): void {
  const first = task * STRIP_COLUMNS;
  const bytes = <usize>min(STRIP_COLUMNS, load<u32>(job, COLUMNS) - first) << 2;
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  const totals = totalsOf(job, thread, 0);
  totalColumns(totals, load<usize>(job, X) + (<usize>first << 2), load<u32>(job, ROWS), stride, bytes);
  storeTotals(load<usize>(job, SUM) + (<usize>first << 2), totals, 1, bytes);
}

/** The gradient of relu(x + bias) from its output y: dx, and its sums over rows, the gradient of the bias. */
export function biasReluGradient(
  control: usize, rows: u32, columns: u32, dy: usize, y: usize, dx: usize, dBias: usize,
): void {
  const job = control + JOB;
  store<u32>(job, BIAS_RELU_GRADIENT);
  store<u32>(job, rows, ROWS);
  store<u32>(job, columns, COLUMNS);
  store<usize>(job, dy, DY);
  store<usize>(job, y, X);
  store<usize>(job, dx, DX);
  store<usize>(job, dBias, SUM);
  runJob(control, tasksOf(columns, STRIP_COLUMNS));
}

export function biasReluGradientTask(job: usize, task: u32, thread: u32): void {
  const first = task * STRIP_COLUMNS;
  const bytes = <usize>min(STRIP_COLUMNS, load<u32>(job, COLUMNS) - first) << 2;
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  const offset = <usize>first << 2;
  const sums = sumsOf(job, thread, 0), totals = totalsOf(job, thread, 0);
  let dy = load<usize>(job, DY) + offset;
  let y = load<usize>(job, X) + offset;
  let dx = load<usize>(job, DX) + offset;
  clearTotals(totals, sums);
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  for (let rows = load<u32>(job, ROWS); rows > 0; ) {
    const end = rows - min(rows, BLOCK_ROWS);
    for (; rows > end; rows--) {
      for (let o: usize = 0; o < whole; o += 16) biasReluPart(dy + o, y + o, dx + o, sums + o, 4);
      if (rest) biasReluPart(dy + whole, y + whole, dx + whole, sums + whole, rest);
      dy += stride;
      y += stride;
      dx += stride;
    }
    moveToTotals(totals, sums, bytes);
  }
  storeTotals(load<usize>(job, SUM) + offset, totals, 1, bytes);
}

@inline
function biasReluPart(dy: usize, y: usize, dx: usize, sum: usize, n: u32): void {
  const g = reluGradient4(loadUpTo(dy, n), loadUpTo(y, n));
  storeUpTo(dx, g, n);
  addTo(sum, g);
}

/** The gradient of gain (x + bias) with respect to x, bias and gain. */
export function biasScaleGradient(
  control: usize, rows: u32, columns: u32, dy: usize, x: usize, bias: usize, gain: usize, dx: usize, dBias: usize,
  dGain: usize,
): void {
  const job = control + JOB;
  store<u32>(job, BIAS_SCALE_GRADIENT);
  store<u32>(job, rows, ROWS);
  store<u32>(job, columns, COLUMNS);
  store<usize>(job, dy, DY);
  store<usize>(job, x, X);
  store<usize>(job, bias, BIAS);
  store<usize>(job, gain, GAIN);
  store<usize>(job, dx, DX);
  store<usize>(job, dBias, SUM);
  store<usize>(job, dGain, D_GAIN);
  runJob(control, tasksOf(columns, STRIP_COLUMNS));
}

export function biasScaleGradientTask(job: usize, task: u32, thread: u32): void {
  const first = task * STRIP_COLUMNS;
  const bytes = <usize>min(STRIP_COLUMNS, load<u32>(job, COLUMNS) - first) << 2;
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  const offset = <usize>first << 2;
  const bias = load<usize>(job, BIAS) + offset;
  const gain = load<usize>(job, GAIN) + offset;
  const ofBias = sumsOf(job, thread, 0), biasTotals = totalsOf(job, thread, 0);
  const ofGain = sumsOf(job, thread, 1), gainTotals = totalsOf(job, thread, 1);
  let dy = load<usize>(job, DY) + offset;
  let x = load<usize>(job, X) + offset;
  let dx = load<usize>(job, DX) + offset;
  clearTotals(biasTotals, ofBias);
  clearTotals(gainTotals, ofGain);
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  for (let rows = load<u32>(job, ROWS); rows > 0; ) {
    const end = rows - min(rows, BLOCK_ROWS);
    for (; rows > end; rows--) {
      for (let o: usize = 0; o < whole; o += 16) {
        biasScalePart(dy + o, x + o, bias + o, gain + o, dx + o, ofBias + o, ofGain + o, 4);
      }
      if (rest) {
        const o = whole;
        biasScalePart(dy + o, x + o, bias + o, gain + o, dx + o, ofBias + o, ofGain + o, rest);
      }
      dy += stride;
      x += stride;
      dx += stride;
    }
    moveToTotals(biasTotals, ofBias, bytes);
    moveToTotals(gainTotals, ofGain, bytes);
  }
  storeTotals(load<usize>(job, SUM) + offset, biasTotals, 1, bytes);
  storeTotals(load<usize>(job, D_GAIN) + offset, gainTotals, 1, bytes);
}

@inline
function biasScalePart(
  dy: usize, x: usize, bias: usize, gain: usize, dx: usize, ofBias: usize, ofGain: usize, n: u32,
): void {
  const g = loadUpTo(dy, n);
  const scaled = f32x4.mul(g, loadUpTo(gain, n));
  storeUpTo(dx, scaled, n);
  addTo(ofBias, scaled);
  store4(ofGain, multiplyAdd(g, f32x4.add(loadUpTo(x, n), loadUpTo(bias, n)), load4(ofGain)));
}
