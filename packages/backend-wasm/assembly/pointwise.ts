// Element by element, without sums: the logistic function, biases and gains of columns, the rectifier, and their gradients.

import { prepareExponential, sigmoid4 } from "./exponential";
import { loadUpTo, storeUpTo } from "./lanes";
import { elementsPerTask, rowsPerTask, tasksOf } from "./partition";
import { JOB, runJob } from "./pool";
import { relu4, reluGradient4 } from "./relu";
import { ADD_BIAS, BIAS_SCALE, RELU, RELU_GRADIENT, SIGMOID, SIGMOID_GRADIENT } from "./tasks";

const SIZE: usize = 4; // or rows
const TASK_SIZE: usize = 8; // or rows of a task
const X: usize = 12; // or dy
const Y: usize = 16;
const DX: usize = 20;
const COLUMNS: usize = 24;
const BIAS: usize = 28;
const GAIN: usize = 32; // or whether there is a rectifier

// @ts-ignore: decorator
@inline
function run(control: usize, operation: u32, size: u32, x: usize, y: usize, dx: usize): void {
  const job = control + JOB;
  const each = elementsPerTask(size, 1);
  store<u32>(job, operation);
  store<u32>(job, size, SIZE);
  store<u32>(job, each, TASK_SIZE);
  store<usize>(job, x, X);
  store<usize>(job, y, Y);
  store<usize>(job, dx, DX);
  runJob(control, tasksOf(size, each));
}

// @ts-ignore: decorator
@inline
function taskOffset(job: usize, task: u32): usize {
  return <usize>(task * load<u32>(job, TASK_SIZE)) << 2;
}

// @ts-ignore: decorator
@inline
function taskBytes(job: usize, task: u32): usize {
  return <usize>min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - task * load<u32>(job, TASK_SIZE)) << 2;
}

/** y = 1 / (1 + exp(-x)) */
export function sigmoid(control: usize, size: u32, x: usize, y: usize): void {
  prepareExponential(control + JOB);
  run(control, SIGMOID, size, x, y, 0);
}

export function sigmoidTask(job: usize, task: u32): void {
  const x = load<usize>(job, X) + taskOffset(job, task);
  const y = load<usize>(job, Y) + taskOffset(job, task);
  const bytes = taskBytes(job, task);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    storeUpTo(y + o, sigmoid4(loadUpTo(x + o, n), job), n);
  }
}

/** dx = dy y (1 - y) */
export function sigmoidGradient(control: usize, size: u32, dy: usize, y: usize, dx: usize): void {
  run(control, SIGMOID_GRADIENT, size, dy, y, dx);
}

export function sigmoidGradientTask(job: usize, task: u32): void {
  const dy = load<usize>(job, X) + taskOffset(job, task);
  const y = load<usize>(job, Y) + taskOffset(job, task);
  const dx = load<usize>(job, DX) + taskOffset(job, task);
  const bytes = taskBytes(job, task);
  const one = f32x4.splat(1);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const value = loadUpTo(y + o, n);
    storeUpTo(dx + o, f32x4.mul(loadUpTo(dy + o, n), f32x4.mul(value, f32x4.sub(one, value))), n);
  }
}

/** y = max(0, x) */
export function relu(control: usize, size: u32, x: usize, y: usize): void {
  run(control, RELU, size, x, y, 0);
}

export function reluTask(job: usize, task: u32): void {
  const x = load<usize>(job, X) + taskOffset(job, task);
  const y = load<usize>(job, Y) + taskOffset(job, task);
  const bytes = taskBytes(job, task);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    storeUpTo(y + o, relu4(loadUpTo(x + o, n)), n);
  }
}

/** dx = dy where y > 0, else 0 */
export function reluGradient(control: usize, size: u32, dy: usize, y: usize, dx: usize): void {
  run(control, RELU_GRADIENT, size, dy, y, dx);
}

export function reluGradientTask(job: usize, task: u32): void {
  const dy = load<usize>(job, X) + taskOffset(job, task);
  const y = load<usize>(job, Y) + taskOffset(job, task);
  const dx = load<usize>(job, DX) + taskOffset(job, task);
  const bytes = taskBytes(job, task);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    storeUpTo(dx + o, reluGradient4(loadUpTo(dy + o, n), loadUpTo(y + o, n)), n);
  }
}

// @ts-ignore: decorator
@inline
function runRows(control: usize, operation: u32, rows: u32, columns: u32, x: usize, bias: usize, gain: usize, y: usize): void {
  const job = control + JOB;
  const each = rowsPerTask(rows, columns);
  store<u32>(job, operation);
  store<u32>(job, rows, SIZE);
  store<u32>(job, each, TASK_SIZE);
  store<u32>(job, columns, COLUMNS);
  store<usize>(job, x, X);
  store<usize>(job, bias, BIAS);
  store<usize>(job, gain, GAIN);
  store<usize>(job, y, Y);
  runJob(control, tasksOf(rows, each));
}

/** y = x + bias, rectified or not, of each row of x [rows, columns]. */
export function addBias(
  control: usize, rows: u32, columns: u32, x: usize, bias: usize, rectified: u32, y: usize,
): void {
  runRows(control, ADD_BIAS, rows, columns, x, bias, rectified, y);
}

export function addBiasTask(job: usize, task: u32): void {
  const bytes = <usize>load<u32>(job, COLUMNS) << 2;
  const first = task * load<u32>(job, TASK_SIZE);
  const bias = load<usize>(job, BIAS);
  const rectified = load<u32>(job, GAIN) != 0;
  let x = load<usize>(job, X) + <usize>first * bytes;
  let y = load<usize>(job, Y) + <usize>first * bytes;
  for (let rows = min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - first); rows > 0; rows--) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const n = <u32>min<usize>(4, (bytes - o) >> 2);
      const value = f32x4.add(loadUpTo(x + o, n), loadUpTo(bias + o, n));
      storeUpTo(y + o, rectified ? relu4(value) : value, n);
    }
    x += bytes;
    y += bytes;
  }
}

/** y = gain (x + bias) of each row of x [rows, columns]. */
export function biasScale(
  control: usize, rows: u32, columns: u32, x: usize, bias: usize, gain: usize, y: usize,
): void {
  runRows(control, BIAS_SCALE, rows, columns, x, bias, gain, y);
}

export function biasScaleTask(job: usize, task: u32): void {
  const bytes = <usize>load<u32>(job, COLUMNS) << 2;
  const first = task * load<u32>(job, TASK_SIZE);
  const bias = load<usize>(job, BIAS);
  const gain = load<usize>(job, GAIN);
  let x = load<usize>(job, X) + <usize>first * bytes;
  let y = load<usize>(job, Y) + <usize>first * bytes;
  for (let rows = min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - first); rows > 0; rows--) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const n = <u32>min<usize>(4, (bytes - o) >> 2);
      const value = f32x4.add(loadUpTo(x + o, n), loadUpTo(bias + o, n));
      storeUpTo(y + o, f32x4.mul(value, loadUpTo(gain + o, n)), n);
    }
    x += bytes;
    y += bytes;
  }
}
