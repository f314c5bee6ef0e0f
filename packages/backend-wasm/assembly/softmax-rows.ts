// Softmax of each row, and its gradient dx = y (dy - sum of dy y). Each task handles a range of rows.

import { expOfMinus4, prepareExponential } from "./exponential";
import { keepFirst, loadFirst, loadUpTo, storeFirst, storeUpTo, sumLanes } from "./lanes";
import { rowsPerTask, tasksOf } from "./partition";
import { JOB, SOFTMAX_ROWS, SOFTMAX_ROWS_GRADIENT } from "./job";
import { runJob } from "./pool";
import { load4, multiplyAdd, store4 } from "./vector";

const ROWS: usize = 4;
const COLUMNS: usize = 8;
const TASK_ROWS: usize = 12;
const X: usize = 16; // or dy
const Y: usize = 20;
const DX: usize = 24;

@inline
function run(control: usize, operation: u32, rows: u32, columns: u32, x: usize, y: usize, dx: usize): void {
  const job = control + JOB;
  const each = rowsPerTask(rows, columns);
  store<u32>(job, operation);
  store<u32>(job, rows, ROWS);
  store<u32>(job, columns, COLUMNS);
  store<u32>(job, each, TASK_ROWS);
  store<usize>(job, x, X);
  store<usize>(job, y, Y);
  store<usize>(job, dx, DX);
  if (columns) runJob(control, tasksOf(rows, each));
}

/** The softmax y of each row of x [rows, columns]. */
export function softmaxRows(control: usize, rows: u32, columns: u32, x: usize, y: usize): void {
  prepareExponential(control + JOB);
  run(control, SOFTMAX_ROWS, rows, columns, x, y, 0);
}

export function softmaxRowsTask(job: usize, task: u32): void {
  const columns = load<u32>(job, COLUMNS);
  const stride = <usize>columns << 2;
  const whole = stride & ~15;
  const rest = columns & 3;
  const first = task * load<u32>(job, TASK_ROWS);
  let x = load<usize>(job, X) + <usize>first * stride;
  let y = load<usize>(job, Y) + <usize>first * stride;
  for (let rows = min(load<u32>(job, TASK_ROWS), load<u32>(job, ROWS) - first); rows > 0; rows--) {
    // A NaN is ignored here, but not below.
    let lanes = v128.load32_splat(x);
    for (let o: usize = 0; o < whole; o += 16) lanes = f32x4.pmax(lanes, load4(x + o));
    let largest = max(
      max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)),
      max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)),
    );
    for (let o = whole; o < stride; o += 4) largest = max(largest, load<f32>(x + o));
    lanes = f32x4.splat(largest);
    let total = f32x4.splat(0);
    for (let o: usize = 0; o < whole; o += 16) {
      const weight = expOfMinus4(f32x4.sub(lanes, load4(x + o)), job);
      total = f32x4.add(total, weight);
      store4(y + o, weight);
    }
    if (rest) {
      const weight = keepFirst(expOfMinus4(f32x4.sub(lanes, loadFirst(x + whole, rest)), job), rest);
      total = f32x4.add(total, weight);
      storeFirst(y + whole, weight, rest);
    }
    const inverse = f32x4.splat(1 / sumLanes(total));
    for (let o: usize = 0; o < stride; o += 16) {
      const n = <u32>min<usize>(4, (stride - o) >> 2);
      storeUpTo(y + o, f32x4.mul(loadUpTo(y + o, n), inverse), n);
    }
    x += stride;
    y += stride;
  }
}

/** The gradient of `softmaxRows`, from its output y. */
export function softmaxRowsGradient(control: usize, rows: u32, columns: u32, dy: usize, y: usize, dx: usize): void {
  run(control, SOFTMAX_ROWS_GRADIENT, rows, columns, dy, y, dx);
}

export function softmaxRowsGradientTask(job: usize, task: u32): void {
  const stride = <usize>load<u32>(job, COLUMNS) << 2;
  const first = task * load<u32>(job, TASK_ROWS);
  let dy = load<usize>(job, X) + <usize>first * stride;
  let y = load<usize>(job, Y) + <usize>first * stride;
  let dx = load<usize>(job, DX) + <usize>first * stride;
  for (let rows = min(load<u32>(job, TASK_ROWS), load<u32>(job, ROWS) - first); rows > 0; rows--) {
    let sum = f32x4.splat(0);
    for (let o: usize = 0; o < stride; o += 16) {
      const n = <u32>min<usize>(4, (stride - o) >> 2);
      sum = multiplyAdd(loadUpTo(dy + o, n), loadUpTo(y + o, n), sum);
    }
    sum = f32x4.splat(sumLanes(sum));
    for (let o: usize = 0; o < stride; o += 16) {
      const n = <u32>min<usize>(4, (stride - o) >> 2);
      storeUpTo(dx + o, f32x4.mul(loadUpTo(y + o, n), f32x4.sub(loadUpTo(dy + o, n), sum)), n);
    }
    dy += stride;
    y += stride;
    dx += stride;
  }
}
