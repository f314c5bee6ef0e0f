// Bit-flip noise: the assignment likelihood, the modeling error and the denoising cost, and their gradients.
//
// x is [size], z and m are [groups, size]; each task handles a range of positions, with all of their groups.

import { log4, prepareExponential } from "./exponential";
import { keepFirst, loadUpTo, storeUpTo } from "./lanes";
import { elementsPerTask, tasksOf } from "./partition";
import {
  JOB, BITFLIP_COST, BITFLIP_COST_GRADIENT, BITFLIP_LIKELIHOOD, BITFLIP_LIKELIHOOD_GRADIENT, BITFLIP_MODELING_ERROR,
  BITFLIP_MODELING_ERROR_GRADIENT,
} from "./job";
import { runJob } from "./pool";
import { addDoubles, storePart, sumParts } from "./sum-values";
import { multiplyAdd } from "./vector";

const GROUPS: usize = 4;
const SIZE: usize = 8;
const TASK_SIZE: usize = 12;
const SCALE: usize = 16; // 1 - 2 beta, or 1 - 2 epsilon
const FLIP: usize = 20; // beta, or epsilon
const X: usize = 24;
const Z: usize = 28;
const M: usize = 32;
const DY: usize = 36;
const RESULT: usize = 40; // the output of the operation; in gradients, dz
const SECOND: usize = 44; // in gradients, the operation's output, or dm
const SHARE: usize = 48;
const THIRD: usize = 52;

@inline
function prepare(job: usize, operation: u32, groups: u32, size: u32, flip: f64, x: usize, z: usize): u32 {
  const each = elementsPerTask(size, groups);
  store<u32>(job, operation);
  store<u32>(job, groups, GROUPS);
  store<u32>(job, size, SIZE);
  store<u32>(job, each, TASK_SIZE);
  store<f32>(job, <f32>(1 - 2 * flip), SCALE);
  store<f32>(job, <f32>flip, FLIP);
  store<usize>(job, x, X);
  store<usize>(job, z, Z);
  return tasksOf(size, each);
}

@inline
function firstOf(job: usize, task: u32): usize {
  return <usize>(task * load<u32>(job, TASK_SIZE)) << 2;
}

@inline
function bytesOf(job: usize, task: u32): usize {
  return <usize>min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - task * load<u32>(job, TASK_SIZE)) << 2;
}

/** z~ = (1 - 2 beta) (z (2 x - 1) + 1 - x) + beta, where `turn` is 2 x - 1 and `base` is 1 - x. */
@inline
function unnormalized(z: v128, turn: v128, base: v128, scale: v128, flip: v128): v128 {
  return multiplyAdd(multiplyAdd(z, turn, base), scale, flip);
}

/** L, how well each group explains the corrupted input x: z~_k / sum_h z~_h. */
export function bitflipLikelihood(
  control: usize, groups: u32, size: u32, probability: f64, x: usize, z: usize, likelihood: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, BITFLIP_LIKELIHOOD, groups, size, probability, x, z);
  store<usize>(job, likelihood, RESULT);
  runJob(control, tasks);
}

export function bitflipLikelihoodTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task);
  const bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from;
  const z = load<usize>(job, Z) + from;
  const result = load<usize>(job, RESULT) + from;
  const scale = v128.load32_splat(job + SCALE), flip = v128.load32_splat(job + FLIP);
  const one = f32x4.splat(1);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const input = loadUpTo(x + o, n);
    const turn = f32x4.sub(f32x4.add(input, input), one), base = f32x4.sub(one, input);
    let total = f32x4.splat(0);
    let k = o;
    for (let left = groups; left > 0; left--) {
      const value = unnormalized(loadUpTo(z + k, n), turn, base, scale, flip);
      total = f32x4.add(total, value);
      storeUpTo(result + k, value, n);
      k += stride;
    }
    k = o;
    for (let left = groups; left > 0; left--) {
      storeUpTo(result + k, f32x4.div(loadUpTo(result + k, n), total), n);
      k += stride;
    }
  }
}

/** The gradient of `bitflipLikelihood` with respect to z, from its output. */
export function bitflipLikelihoodGradient(
  control: usize, groups: u32, size: u32, probability: f64, dy: usize, x: usize, z: usize, likelihood: usize, dz: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, BITFLIP_LIKELIHOOD_GRADIENT, groups, size, probability, x, z);
  store<usize>(job, dy, DY);
  store<usize>(job, likelihood, SECOND);
  store<usize>(job, dz, RESULT);
  runJob(control, tasks);
}

export function bitflipLikelihoodGradientTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task);
  const bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from;
  const z = load<usize>(job, Z) + from;
  const dy = load<usize>(job, DY) + from;
  const likelihood = load<usize>(job, SECOND) + from;
  const dz = load<usize>(job, RESULT) + from;
  const scale = v128.load32_splat(job + SCALE), flip = v128.load32_splat(job + FLIP);
  const one = f32x4.splat(1);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const input = loadUpTo(x + o, n);
    const turn = f32x4.sub(f32x4.add(input, input), one), base = f32x4.sub(one, input);
    let total = f32x4.splat(0), sum = total;
    let k = o;
    for (let left = groups; left > 0; left--) {
      total = f32x4.add(total, unnormalized(loadUpTo(z + k, n), turn, base, scale, flip));
      sum = multiplyAdd(loadUpTo(dy + k, n), loadUpTo(likelihood + k, n), sum);
      k += stride;
    }
    // d z~_k = (dL_k - sum_h dL_h L_h) / S, and d z~ / dz = (2 x - 1)(1 - 2 beta)
    const factor = f32x4.div(f32x4.mul(turn, scale), total);
    k = o;
    for (let left = groups; left > 0; left--) {
      storeUpTo(dz + k, f32x4.mul(f32x4.sub(loadUpTo(dy + k, n), sum), factor), n);
      k += stride;
    }
  }
}

/** The modeling error m_k / D with D = sum_h xi_h m_h - 1 + x, xi = (1 - 2 beta) z + beta. */
export function bitflipModelingError(
  control: usize, groups: u32, size: u32, probability: f64, x: usize, z: usize, m: usize, error: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, BITFLIP_MODELING_ERROR, groups, size, probability, x, z);
  store<usize>(job, m, M);
  store<usize>(job, error, RESULT);
  runJob(control, tasks);
}

export function bitflipModelingErrorTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task);
  const bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from;
  const z = load<usize>(job, Z) + from;
  const m = load<usize>(job, M) + from;
  const result = load<usize>(job, RESULT) + from;
  const scale = v128.load32_splat(job + SCALE), flip = v128.load32_splat(job + FLIP);
  const one = f32x4.splat(1);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    let mixture = f32x4.splat(0);
    let k = o;
    for (let left = groups; left > 0; left--) {
      mixture = multiplyAdd(multiplyAdd(loadUpTo(z + k, n), scale, flip), loadUpTo(m + k, n), mixture);
      k += stride;
    }
    const denominator = f32x4.add(mixture, f32x4.sub(loadUpTo(x + o, n), one));
    k = o;
    for (let left = groups; left > 0; left--) {
      storeUpTo(result + k, f32x4.div(loadUpTo(m + k, n), denominator), n);
      k += stride;
    }
  }
}

/** The gradient of `bitflipModelingError` with respect to z and m, from its output. */
export function bitflipModelingErrorGradient(
  control: usize, groups: u32, size: u32, probability: f64, dy: usize, x: usize, z: usize, m: usize, error: usize, dz: usize,
  dm: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, BITFLIP_MODELING_ERROR_GRADIENT, groups, size, probability, x, z);
  store<usize>(job, m, M);
  store<usize>(job, dy, DY);
  store<usize>(job, error, THIRD);
  store<usize>(job, dz, RESULT);
  store<usize>(job, dm, SECOND);
  runJob(control, tasks);
}

export function bitflipModelingErrorGradientTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task);
  const bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from;
  const z = load<usize>(job, Z) + from;
  const m = load<usize>(job, M) + from;
  const dy = load<usize>(job, DY) + from;
  const error = load<usize>(job, THIRD) + from;
  const dz = load<usize>(job, RESULT) + from;
  const dm = load<usize>(job, SECOND) + from;
  const scale = v128.load32_splat(job + SCALE), flip = v128.load32_splat(job + FLIP);
  const one = f32x4.splat(1);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    let mixture = f32x4.splat(0), sum = mixture;
    let k = o;
    for (let left = groups; left > 0; left--) {
      mixture = multiplyAdd(multiplyAdd(loadUpTo(z + k, n), scale, flip), loadUpTo(m + k, n), mixture);
      sum = multiplyAdd(loadUpTo(dy + k, n), loadUpTo(error + k, n), sum);
      k += stride;
    }
    const denominator = f32x4.add(mixture, f32x4.sub(loadUpTo(x + o, n), one));
    const dDenominator = f32x4.neg(f32x4.div(sum, denominator));
    const slope = f32x4.mul(dDenominator, scale);
    k = o;
    for (let left = groups; left > 0; left--) {
      const seen = multiplyAdd(loadUpTo(z + k, n), scale, flip);
      storeUpTo(dz + k, f32x4.mul(loadUpTo(m + k, n), slope), n);
      storeUpTo(dm + k, multiplyAdd(seen, dDenominator, f32x4.div(loadUpTo(dy + k, n), denominator)), n);
      k += stride;
    }
  }
}

/** Bytes of scratch memory that the cost over `size` positions needs. */
export function bitflipCostBytes(groups: u32, size: u32): u32 {
  return 8 * tasksOf(size, elementsPerTask(size, groups));
}

/** The denoising cost -mean( x log q' + (1 - x) log(1 - q') ), q' = (1 - 2 epsilon) q + epsilon, q = sum_k m_k z_k. */
export function bitflipCost(
  control: usize, groups: u32, size: u32, epsilon: f64, x: usize, z: usize, m: usize, parts: usize, cost: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, BITFLIP_COST, groups, size, epsilon, x, z);
  store<usize>(job, m, M);
  store<usize>(job, parts, RESULT);
  prepareExponential(job);
  runJob(control, tasks);
  store<f32>(cost, <f32>(-sumParts(parts, tasks) / <f64>size));
}

export function bitflipCostTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task);
  const bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from;
  const z = load<usize>(job, Z) + from;
  const m = load<usize>(job, M) + from;
  const scale = v128.load32_splat(job + SCALE), flip = v128.load32_splat(job + FLIP);
  const one = f32x4.splat(1);
  let sum = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const q = mixtureOf(z + o, m + o, stride, groups, n);
    const logOne = log4(multiplyAdd(q, scale, flip), job);
    const logZero = log4(multiplyAdd(f32x4.sub(one, q), scale, flip), job);
    const input = loadUpTo(x + o, n);
    const value = multiplyAdd(input, logOne, f32x4.mul(f32x4.sub(one, input), logZero));
    sum = addDoubles(sum, n == 4 ? value : keepFirst(value, n));
  }
  storePart(load<usize>(job, RESULT), task, sum);
}

/** The gradient of `bitflipCost` with respect to z and m, from the gradient of the cost, a scalar at `dy`. */
export function bitflipCostGradient(
  control: usize, groups: u32, size: u32, epsilon: f64, dy: usize, x: usize, z: usize, m: usize, dz: usize, dm: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, BITFLIP_COST_GRADIENT, groups, size, epsilon, x, z);
  store<usize>(job, m, M);
  store<usize>(job, dz, RESULT);
  store<usize>(job, dm, SECOND);
  store<f32>(job, <f32>((<f64>load<f32>(dy) * (2 * epsilon - 1)) / <f64>size), SHARE);
  runJob(control, tasks);
}

export function bitflipCostGradientTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task);
  const bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from;
  const z = load<usize>(job, Z) + from;
  const m = load<usize>(job, M) + from;
  const dz = load<usize>(job, RESULT) + from;
  const dm = load<usize>(job, SECOND) + from;
  const scale = v128.load32_splat(job + SCALE), flip = v128.load32_splat(job + FLIP);
  const share = v128.load32_splat(job + SHARE);
  const one = f32x4.splat(1);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const q = mixtureOf(z + o, m + o, stride, groups, n);
    const input = loadUpTo(x + o, n);
    const ofOne = f32x4.div(input, multiplyAdd(q, scale, flip));
    const ofZero = f32x4.div(f32x4.sub(one, input), multiplyAdd(f32x4.sub(one, q), scale, flip));
    const dq = f32x4.mul(f32x4.sub(ofOne, ofZero), share);
    let k = o;
    for (let left = groups; left > 0; left--) {
      storeUpTo(dz + k, f32x4.mul(loadUpTo(m + k, n), dq), n);
      storeUpTo(dm + k, f32x4.mul(loadUpTo(z + k, n), dq), n);
      k += stride;
    }
  }
}

/** q = sum_k m_k z_k */
@inline
function mixtureOf(z: usize, m: usize, stride: usize, groups: u32, n: u32): v128 {
  let q = f32x4.splat(0);
  for (let left = groups; left > 0; left--) {
    q = multiplyAdd(loadUpTo(m, n), loadUpTo(z, n), q);
    z += stride;
    m += stride;
  }
  return q;
}
