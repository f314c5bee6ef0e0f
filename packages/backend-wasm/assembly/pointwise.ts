// Element-wise operations: sums of two tensors, the logistic function, biases and gains per column, the rectifier, and their gradients.

import { prepareExponential, sigmoid4 } from "./exponential";
import { loadUpTo, storeUpTo } from "./lanes";
import { elementsPerTask, rowsPerTask, tasksOf } from "./partition";
import { JOB, ADD, ADD_BIAS, BIAS_SCALE, RELU, RELU_GRADIENT, SIGMOID, SIGMOID_GRADIENT } from "./job";
import { runJob } from "./pool";
import { relu4, reluGradient4 } from "./relu";

const SIZE: usize = 4; // or rows
const TASK_SIZE: usize = 8; // or rows per task
const X: usize = 12; // or dy
const Y: usize = 16;
const DX: usize = 20; // or sum
const COLUMNS: usize = 24;
const BIAS: usize = 28;
const GAIN: usize = 32; // or whether there is a rectifier

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

@inline
function taskOffset(job: usize, task: u32): usize {
  return <usize>(task * load<u32>(job, TASK_SIZE)) << 2;
}

@inline
function taskBytes(job: usize, task: u32): usize {
  return <usize>min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - task * load<u32>(job, TASK_SIZE)) << 2;
}

/** sum = x + y */
export function add(control: usize, size: u32, x: usize, y: usize, sum: usize): void {
  run(control, ADD, size, x, y, sum);
}

export function addTask(job: usize, task: u32): void {
  const from = taskOffset(job, task), bytes = taskBytes(job, task);
  const x = load<usize>(job, X) + from, y = load<usize>(job, Y) + from, sum = load<usize>(job, DX) + from;
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  for (let o: usize = 0; o < whole; o += 16) addPart(x + o, y + o, sum + o, 4);
  if (rest) addPart(x + whole, y + whole, sum + whole, rest);
}

@inline
function addPart(x: usize, y: usize, sum: usize, n: u32): void {
  storeUpTo(sum, f32x4.add(loadUpTo(x, n), loadUpTo(y, n)), n);
}

/** y = 1 / (1 + exp(-x)) */
export function sigmoid(control: usize, size: u32, x: usize, y: usize): void {
  prepareExponential(control + JOB);
  run(control, SIGMOID, size, x, y, 0);
}

export function sigmoidTask(job: usize, task: u32): void {
  const from = taskOffset(job, task), bytes = taskBytes(job, task);
  const x = load<usize>(job, X) + from, y = load<usize>(job, Y) + from;
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  for (let o: usize = 0; o < whole; o += 16) sigmoidPart(x + o, y + o, job, 4);
  if (rest) sigmoidPart(x + whole, y + whole, job, rest);
}

@inline
function sigmoidPart(x: usize, y: usize, job: usize, n: u32): void {
  storeUpTo(y, sigmoid4(loadUpTo(x, n), job), n);
}

/** dx = dy y (1 - y) */
export function sigmoidGradient(control: usize, size: u32, dy: usize, y: usize, dx: usize): void {
  run(control, SIGMOID_GRADIENT, size, dy, y, dx);
}

export function sigmoidGradientTask(job: usize, task: u32): void {
  const from = taskOffset(job, task), bytes = taskBytes(job, task);
  const dy = load<usize>(job, X) + from, y = load<usize>(job, Y) + from, dx = load<usize>(job, DX) + from;
  const one = f32x4.splat(1);
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  for (let o: usize = 0; o < whole; o += 16) sigmoidGradientPart(dy + o, y + o, dx + o, one, 4);
  if (rest) sigmoidGradientPart(dy + whole, y + whole, dx + whole, one, rest);
}

@inline
function sigmoidGradientPart(dy: usize, y: usize, dx: usize, one: v128, n: u32): void {
  const value = loadUpTo(y, n);
  storeUpTo(dx, f32x4.mul(loadUpTo(dy, n), f32x4.mul(value, f32x4.sub(one, value))), n);
}

/** y = max(0, x) */
export function relu(control: usize, size: u32, x: usize, y: usize): void {
  run(control, RELU, size, x, y, 0);
}

export function reluTask(job: usize, task: u32): void {
  const from = taskOffset(job, task), bytes = taskBytes(job, task);
  const x = load<usize>(job, X) + from, y = load<usize>(job, Y) + from;
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  for (let o: usize = 0; o < whole; o += 16) reluPart(x + o, y + o, 4);
  if (rest) reluPart(x + whole, y + whole, rest);
}

@inline
function reluPart(x: usize, y: usize, n: u32): void {
  storeUpTo(y, relu4(loadUpTo(x, n)), n);
}

/** dx = dy where y > 0, else 0 */
export function reluGradient(control: usize, size: u32, dy: usize, y: usize, dx: usize): void {
  run(control, RELU_GRADIENT, size, dy, y, dx);
}

export function reluGradientTask(job: usize, task: u32): void {
  const from = taskOffset(job, task), bytes = taskBytes(job, task);
  const dy = load<usize>(job, X) + from, y = load<usize>(job, Y) + from, dx = load<usize>(job, DX) + from;
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  for (let o: usize = 0; o < whole; o += 16) reluGradientPart(dy + o, y + o, dx + o, 4);
  if (rest) reluGradientPart(dy + whole, y + whole, dx + whole, rest);
}

@inline
function reluGradientPart(dy: usize, y: usize, dx: usize, n: u32): void {
  storeUpTo(dx, reluGradient4(loadUpTo(dy, n), loadUpTo(y, n)), n);
}

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
  const floor = f32x4.splat(load<u32>(job, GAIN) ? 0 : -Infinity);
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  let x = load<usize>(job, X) + <usize>first * bytes;
  let y = load<usize>(job, Y) + <usize>first * bytes;
  for (let rows = min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - first); rows > 0; rows--) {
    for (let o: usize = 0; o < whole; o += 16) addBiasPart(x + o, bias + o, y + o, floor, 4);
    if (rest) addBiasPart(x + whole, bias + whole, y + whole, floor, rest);
    x += bytes;
    y += bytes;
  }
}

@inline
function addBiasPart(x: usize, bias: usize, y: usize, floor: v128, n: u32): void {
  // Operand order matters: returns the sum if it is NaN.
  storeUpTo(y, f32x4.pmax(f32x4.add(loadUpTo(x, n), loadUpTo(bias, n)), floor), n);
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
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  let x = load<usize>(job, X) + <usize>first * bytes;
  let y = load<usize>(job, Y) + <usize>first * bytes;
  for (let rows = min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - first); rows > 0; rows--) {
    for (let o: usize = 0; o < whole; o += 16) biasScalePart(x + o, bias + o, gain + o, y + o, 4);
    if (rest) biasScalePart(x + whole, bias + whole, gain + whole, y + whole, rest);
    x += bytes;
    y += bytes;
  }
}

@inline
function biasScalePart(x: usize, bias: usize, gain: usize, y: usize, n: u32): void {
  storeUpTo(y, f32x4.mul(f32x4.add(loadUpTo(x, n), loadUpTo(bias, n)), loadUpTo(gain, n)), n);
}
