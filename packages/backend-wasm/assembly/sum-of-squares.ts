// The sum of the squares of all values of a list of tensors, and its root.

import { loadUpTo } from "./lanes";
import { JOB, SUM_OF_SQUARES } from "./job";
import { runJob } from "./pool";
import { addDoubles, storePart, sumParts } from "./sum-values";
import { elementsPerListTask, numberTasks, recordOf } from "./tensor-list";

const LIST: usize = 4;
const COUNT: usize = 8;
const TASK_SIZE: usize = 12;
const PARTS: usize = 16;

// A record: first task, size, x.
const RECORD: usize = 12;
const SIZE: usize = 4;
const X: usize = 8;

/** Bytes of scratch memory for the partial sums of `count` tensors of `total` elements. */
export function sumOfSquaresBytes(count: u32, total: u32): u32 {
  return 8 * (count + total / elementsPerListTask(total));
}

/** Stores the sum of the squares of `count` tensors, or its root; `list` has a record for each. */
export function sumOfSquares(control: usize, list: usize, count: u32, total: u32, root: u32, parts: usize, sum: usize): void {
  const job = control + JOB;
  const each = elementsPerListTask(total);
  const tasks = numberTasks(list, count, RECORD, each);
  store<u32>(job, SUM_OF_SQUARES);
  store<usize>(job, list, LIST);
  store<u32>(job, count, COUNT);
  store<u32>(job, each, TASK_SIZE);
  store<usize>(job, parts, PARTS);
  runJob(control, tasks);
  const squares = sumParts(parts, tasks);
  store<f32>(sum, <f32>(root ? sqrt<f64>(squares) : squares));
}

export function sumOfSquaresTask(job: usize, task: u32): void {
  const record = recordOf(load<usize>(job, LIST), load<u32>(job, COUNT), RECORD, task);
  const each = load<u32>(job, TASK_SIZE);
  const first = (task - load<u32>(record)) * each;
  const bytes = <usize>min(each, load<u32>(record, SIZE) - first) << 2;
  const x = load<usize>(record, X) + (<usize>first << 2);
  let sum = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const value = loadUpTo(x + o, <u32>min<usize>(4, (bytes - o) >> 2));
    sum = addDoubles(sum, f32x4.mul(value, value));
  }
  storePart(load<usize>(job, PARTS), task, sum);
}
