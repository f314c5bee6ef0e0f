// Sums of columns: alone, and as part of the gradients of biases and gains. Each task handles a strip of columns and goes
// down its rows, so it alone computes their sums. It accumulates them in the output buffers.

import { loadUpTo, storeUpTo } from "./lanes";
import { STRIP_COLUMNS, tasksOf } from "./partition";
import { JOB, BIAS_RELU_GRADIENT, BIAS_SCALE_GRADIENT, SUM_COLUMNS } from "./job";
import { runJob } from "./pool";
import { reluGradient4 } from "./relu";
import { multiplyAdd } from "./vector";

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

export function sumColumnsTask(job: usize, task: u32): void {
  const first = task * STRIP_COLUMNS;
  const bytes = <usize>min(STRIP_COLUMNS, load<u32>(job, COLUMNS) - first) << 2;
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  const sum = load<usize>(job, SUM) + (<usize>first << 2);
  let x = load<usize>(job, X) + (<usize>first << 2);
  memory.fill(sum, 0, bytes);
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  let rows = load<u32>(job, ROWS);
  for (; rows >= 4; rows -= 4) {
    for (let o: usize = 0; o < whole; o += 16) addFourRows(sum + o, x + o, stride, 4);
    if (rest) addFourRows(sum + whole, x + whole, stride, rest);
    x += 4 * stride;
  }
  for (; rows > 0; rows--) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const n = <u32>min<usize>(4, (bytes - o) >> 2);
      storeUpTo(sum + o, f32x4.add(loadUpTo(sum + o, n), loadUpTo(x + o, n)), n);
    }
    x += stride;
  }
}

// @ts-ignore: decorator
@inline
function addFourRows(sum: usize, x: usize, stride: usize, n: u32): void {
  const first = f32x4.add(loadUpTo(x, n), loadUpTo(x + stride, n));
  const second = f32x4.add(loadUpTo(x + 2 * stride, n), loadUpTo(x + 3 * stride, n));
  storeUpTo(sum, f32x4.add(loadUpTo(sum, n), f32x4.add(first, second)), n);
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

export function biasReluGradientTask(job: usize, task: u32): void {
  const first = task * STRIP_COLUMNS;
  const bytes = <usize>min(STRIP_COLUMNS, load<u32>(job, COLUMNS) - first) << 2;
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  const offset = <usize>first << 2;
  const sum = load<usize>(job, SUM) + offset;
  let dy = load<usize>(job, DY) + offset;
  let y = load<usize>(job, X) + offset;
  let dx = load<usize>(job, DX) + offset;
  memory.fill(sum, 0, bytes);
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  for (let rows = load<u32>(job, ROWS); rows > 0; rows--) {
    for (let o: usize = 0; o < whole; o += 16) biasReluPart(dy + o, y + o, dx + o, sum + o, 4);
    if (rest) biasReluPart(dy + whole, y + whole, dx + whole, sum + whole, rest);
    dy += stride;
    y += stride;
    dx += stride;
  }
}

// @ts-ignore: decorator
@inline
function biasReluPart(dy: usize, y: usize, dx: usize, sum: usize, n: u32): void {
  const g = reluGradient4(loadUpTo(dy, n), loadUpTo(y, n));
  storeUpTo(dx, g, n);
  storeUpTo(sum, f32x4.add(loadUpTo(sum, n), g), n);
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

export function biasScaleGradientTask(job: usize, task: u32): void {
  const first = task * STRIP_COLUMNS;
  const bytes = <usize>min(STRIP_COLUMNS, load<u32>(job, COLUMNS) - first) << 2;
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  const offset = <usize>first << 2;
  const bias = load<usize>(job, BIAS) + offset;
  const gain = load<usize>(job, GAIN) + offset;
  const dBias = load<usize>(job, SUM) + offset;
  const dGain = load<usize>(job, D_GAIN) + offset;
  let dy = load<usize>(job, DY) + offset;
  let x = load<usize>(job, X) + offset;
  let dx = load<usize>(job, DX) + offset;
  memory.fill(dBias, 0, bytes);
  memory.fill(dGain, 0, bytes);
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  for (let rows = load<u32>(job, ROWS); rows > 0; rows--) {
    for (let o: usize = 0; o < whole; o += 16) {
      biasScalePart(dy + o, x + o, bias + o, gain + o, dx + o, dBias + o, dGain + o, 4);
    }
    if (rest) {
      const o = whole;
      biasScalePart(dy + o, x + o, bias + o, gain + o, dx + o, dBias + o, dGain + o, rest);
    }
    dy += stride;
    x += stride;
    dx += stride;
  }
}

// @ts-ignore: decorator
@inline
function biasScalePart(
  dy: usize, x: usize, bias: usize, gain: usize, dx: usize, dBias: usize, dGain: usize, n: u32,
): void {
  const g = loadUpTo(dy, n);
  const scaled = f32x4.mul(g, loadUpTo(gain, n));
  storeUpTo(dx, scaled, n);
  storeUpTo(dBias, f32x4.add(loadUpTo(dBias, n), scaled), n);
  storeUpTo(dGain, multiplyAdd(g, f32x4.add(loadUpTo(x, n), loadUpTo(bias, n)), loadUpTo(dGain, n)), n);
}
