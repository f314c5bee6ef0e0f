// The sum of the squares of all values.

import { loadUpTo } from "./lanes";
import { elementsPerTask, tasksOf } from "./partition";
import { JOB, SUM_OF_SQUARES } from "./job";
import { runJob } from "./pool";
import { addDoubles, storePart, sumParts } from "./sum-values";

const SIZE: usize = 4;
const TASK_SIZE: usize = 8;
const X: usize = 12;
const PARTS: usize = 16;

/** Bytes of scratch memory that the sum over `size` values needs. */
export function sumOfSquaresBytes(size: u32): u32 {
  return 8 * tasksOf(size, elementsPerTask(size, 1));
}

/** Stores the sum of the squares of `size` values. */
export function sumOfSquares(control: usize, size: u32, x: usize, parts: usize, sum: usize): void {
  const job = control + JOB;
  const each = elementsPerTask(size, 1);
  store<u32>(job, SUM_OF_SQUARES);
  store<u32>(job, size, SIZE);
  store<u32>(job, each, TASK_SIZE);
  store<usize>(job, x, X);
  store<usize>(job, parts, PARTS);
  runJob(control, tasksOf(size, each));
  store<f32>(sum, <f32>sumParts(parts, tasksOf(size, each)));
}

export function sumOfSquaresTask(job: usize, task: u32): void {
  const first = task * load<u32>(job, TASK_SIZE);
  const bytes = <usize>min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - first) << 2;
  const x = load<usize>(job, X) + (<usize>first << 2);
  let sum = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const value = loadUpTo(x + o, <u32>min<usize>(4, (bytes - o) >> 2));
    sum = addDoubles(sum, f32x4.mul(value, value));
  }
  storePart(load<usize>(job, PARTS), task, sum);
}
