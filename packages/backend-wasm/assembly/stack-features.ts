// Concatenates F features of [rows, size] to [rows, F size], and splits them again: one feature at a time, row by row. Features of
// pixels with several channels, [rows, size, channels], become planes, [rows, channels, size].

import { rowsPerTask, tasksOf } from "./partition";
import { JOB, COPY_ROWS, SWAP_COLUMNS } from "./job";
import { runJob } from "./pool";

const ROWS: usize = 4;
const TASK_ROWS: usize = 8;
const BYTES: usize = 12;
const FROM: usize = 16;
const FROM_STRIDE: usize = 20;
const TO: usize = 24;
const TO_STRIDE: usize = 28;
const SECOND: usize = 32; // the second axis of a row

/** Copies `rows` rows of `bytes` each. Source and destination may have different row strides. */
export function copyRows(
  control: usize, rows: u32, bytes: u32, from: usize, fromStride: usize, to: usize, toStride: usize,
): void {
  const job = control + JOB;
  const taskRows = rowsPerTask(rows, bytes >> 2);
  store<u32>(job, COPY_ROWS);
  store<u32>(job, rows, ROWS);
  store<u32>(job, taskRows, TASK_ROWS);
  store<u32>(job, bytes, BYTES);
  store<usize>(job, from, FROM);
  store<usize>(job, fromStride, FROM_STRIDE);
  store<usize>(job, to, TO);
  store<usize>(job, toStride, TO_STRIDE);
  runJob(control, tasksOf(rows, taskRows));
}

export function copyRowsTask(job: usize, task: u32): void {
  const first = task * load<u32>(job, TASK_ROWS);
  let rows = min(load<u32>(job, TASK_ROWS), load<u32>(job, ROWS) - first);
  const bytes = <usize>load<u32>(job, BYTES);
  const fromStride = load<usize>(job, FROM_STRIDE), toStride = load<usize>(job, TO_STRIDE);
  let from = load<usize>(job, FROM) + <usize>first * fromStride;
  let to = load<usize>(job, TO) + <usize>first * toStride;
  for (; rows > 0; rows--) {
    memory.copy(to, from, bytes);
    from += fromStride;
    to += toStride;
  }
}

/** Transposes each of `rows` rows, [a, b] to [b, a]. Source and destination may have different row strides. */
export function swapColumns(
  control: usize, rows: u32, a: u32, b: u32, from: usize, fromStride: usize, to: usize, toStride: usize,
): void {
  const job = control + JOB;
  const taskRows = rowsPerTask(rows, a * b);
  store<u32>(job, SWAP_COLUMNS);
  store<u32>(job, rows, ROWS);
  store<u32>(job, taskRows, TASK_ROWS);
  store<u32>(job, a << 2, BYTES);
  store<usize>(job, from, FROM);
  store<usize>(job, fromStride, FROM_STRIDE);
  store<usize>(job, to, TO);
  store<usize>(job, toStride, TO_STRIDE);
  store<u32>(job, b << 2, SECOND);
  runJob(control, tasksOf(rows, taskRows));
}

export function swapColumnsTask(job: usize, task: u32): void {
  const first = task * load<u32>(job, TASK_ROWS);
  let rows = min(load<u32>(job, TASK_ROWS), load<u32>(job, ROWS) - first);
  const a = <usize>load<u32>(job, BYTES), b = <usize>load<u32>(job, SECOND);
  const fromStride = load<usize>(job, FROM_STRIDE), toStride = load<usize>(job, TO_STRIDE);
  let from = load<usize>(job, FROM) + <usize>first * fromStride;
  let to = load<usize>(job, TO) + <usize>first * toStride;
  for (; rows > 0; rows--) {
    let at = to;
    for (let j: usize = 0; j < b; j += 4) {
      let source = from + j;
      for (let end = at + a; at < end; at += 4) {
        store<f32>(at, load<f32>(source));
        source += b;
      }
    }
    from += fromStride;
    to += toStride;
  }
}
