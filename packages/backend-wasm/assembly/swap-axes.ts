// Swaps the two middle axes: [outer, a, b, inner] to [outer, b, a, inner].

import { copyFloats } from "./vector";
import { rowsPerTask, tasksOf } from "./partition";
import { JOB, SWAP_AXES } from "./job";
import { runJob } from "./pool";

const ROWS: usize = 4; // outer b
const TASK_ROWS: usize = 8;
const A: usize = 12;
const B: usize = 16;
const BYTES: usize = 20; // bytes of the innermost axis
const FROM: usize = 24;
const TO: usize = 28;

export function swapAxes(control: usize, outer: u32, a: u32, b: u32, inner: u32, x: usize, y: usize): void {
  const job = control + JOB;
  const rows = outer * b;
  const taskRows = rowsPerTask(rows, a * inner);
  store<u32>(job, SWAP_AXES);
  store<u32>(job, rows, ROWS);
  store<u32>(job, taskRows, TASK_ROWS);
  store<u32>(job, a, A);
  store<u32>(job, b, B);
  store<u32>(job, inner << 2, BYTES);
  store<usize>(job, x, FROM);
  store<usize>(job, y, TO);
  runJob(control, tasksOf(rows, taskRows));
}

export function swapAxesTask(job: usize, task: u32): void {
  const first = task * load<u32>(job, TASK_ROWS);
  const end = min(first + load<u32>(job, TASK_ROWS), load<u32>(job, ROWS));
  const a = load<u32>(job, A), b = load<u32>(job, B);
  const bytes = <usize>load<u32>(job, BYTES);
  const stride = <usize>b * bytes;
  const x = load<usize>(job, FROM);
  let to = load<usize>(job, TO) + <usize>first * a * bytes;
  for (let row = first; row < end; row++) {
    let from = x + (<usize>(row / b) * a * b + row % b) * bytes;
    for (let i: u32 = 0; i < a; i++) {
      copyFloats(to, from, bytes);
      from += stride;
      to += bytes;
    }
  }
}
