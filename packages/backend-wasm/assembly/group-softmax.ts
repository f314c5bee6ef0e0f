// Softmax over groups (over the first axis of [K, n]), its logarithm, and its gradient
//
//     dx = dLogM + m (dm - sum over groups of (m dm + dLogM))
//
// Each task handles a range of the n positions, with all of their groups.

import { expOfMinus4, log4, prepareExponential } from "./exponential";
import { loadUpTo, storeUpTo } from "./lanes";
import { elementsPerTask, tasksOf } from "./partition";
import { JOB, GROUP_SOFTMAX, GROUP_SOFTMAX_GRADIENT } from "./job";
import { runJob } from "./pool";
import { multiplyAdd } from "./vector";

const GROUPS: usize = 4;
const SIZE: usize = 8;
const TASK_SIZE: usize = 12;
const X: usize = 16; // or dM
const M: usize = 20;
const LOG_M: usize = 24; // or dLogM
const DX: usize = 28;

/** m and, unless `logM` is 0, log m from logits x, each [groups, size]. */
export function groupSoftmax(control: usize, groups: u32, size: u32, x: usize, m: usize, logM: usize): void {
  const job = control + JOB;
  const each = elementsPerTask(size, groups);
  store<u32>(job, GROUP_SOFTMAX);
  store<u32>(job, groups, GROUPS);
  store<u32>(job, size, SIZE);
  store<u32>(job, each, TASK_SIZE);
  store<usize>(job, x, X);
  store<usize>(job, m, M);
  store<usize>(job, logM, LOG_M);
  prepareExponential(job);
  runJob(control, tasksOf(size, each));
}

export function groupSoftmaxTask(job: usize, task: u32): void {
  const first = task * load<u32>(job, TASK_SIZE);
  const size = min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - first);
  const from = <usize>first << 2;
  const bytes = <usize>size << 2;
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const x = load<usize>(job, X) + from;
  const m = load<usize>(job, M) + from;
  const logM = load<usize>(job, LOG_M);
  for (let o: usize = 0; o < bytes; o += 16) {
    const count = <u32>min<usize>(4, (bytes - o) >> 2);
    let at = x + o;
    let largest = loadUpTo(at, count);
    for (let k: u32 = 1; k < groups; k++) {
      at += stride;
      largest = f32x4.pmax(largest, loadUpTo(at, count));
    }
    at = x + o;
    let to = m + o;
    let total = f32x4.splat(0);
    for (let k: u32 = 0; k < groups; k++) {
      // A NaN logit gives NaN here, whatever the largest logit is.
      const weight = expOfMinus4(f32x4.sub(largest, loadUpTo(at, count)), job);
      total = f32x4.add(total, weight);
      storeUpTo(to, weight, count);
      at += stride;
      to += stride;
    }
    const inverse = f32x4.div(f32x4.splat(1), total);
    to = m + o;
    for (let k: u32 = 0; k < groups; k++) {
      storeUpTo(to, f32x4.mul(loadUpTo(to, count), inverse), count);
      to += stride;
    }
    if (!logM) continue;
    const logTotal = log4(total, job);
    at = x + o;
    to = logM + from + o;
    for (let k: u32 = 0; k < groups; k++) {
      storeUpTo(to, f32x4.sub(f32x4.sub(loadUpTo(at, count), largest), logTotal), count);
      at += stride;
      to += stride;
    }
  }
}

/** The gradient of `groupSoftmax` from the gradients of m and, unless `dLogM` is 0, of log m. */
export function groupSoftmaxGradient(
  control: usize, groups: u32, size: u32, dM: usize, dLogM: usize, m: usize, dx: usize,
): void {
  const job = control + JOB;
  const each = elementsPerTask(size, groups);
  store<u32>(job, GROUP_SOFTMAX_GRADIENT);
  store<u32>(job, groups, GROUPS);
  store<u32>(job, size, SIZE);
  store<u32>(job, each, TASK_SIZE);
  store<usize>(job, dM, X);
  store<usize>(job, m, M);
  store<usize>(job, dLogM, LOG_M);
  store<usize>(job, dx, DX);
  runJob(control, tasksOf(size, each));
}

export function groupSoftmaxGradientTask(job: usize, task: u32): void {
  const first = task * load<u32>(job, TASK_SIZE);
  const size = min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - first);
  const from = <usize>first << 2;
  const bytes = <usize>size << 2;
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const dM = load<usize>(job, X) + from;
  const m = load<usize>(job, M) + from;
  const dLogM = load<usize>(job, LOG_M) ? load<usize>(job, LOG_M) + from : 0;
  const dx = load<usize>(job, DX) + from;
  for (let o: usize = 0; o < bytes; o += 16) {
    const count = <u32>min<usize>(4, (bytes - o) >> 2);
    let total = f32x4.splat(0);
    let k = o;
    for (let left = groups; left > 0; left--) {
      total = multiplyAdd(loadUpTo(m + k, count), loadUpTo(dM + k, count), total);
      if (dLogM) total = f32x4.add(total, loadUpTo(dLogM + k, count));
      k += stride;
    }
    k = o;
    for (let left = groups; left > 0; left--) {
      const change = f32x4.mul(loadUpTo(m + k, count), f32x4.sub(loadUpTo(dM + k, count), total));
      storeUpTo(dx + k, dLogM ? f32x4.add(change, loadUpTo(dLogM + k, count)) : change, count);
      k += stride;
    }
  }
}
