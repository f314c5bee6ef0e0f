// Gaussian noise: the assignment likelihood, three forms of the modeling error, the denoising cost, and their gradients with
// respect to predictions, assignments and the logarithm of the learned variance v.
//
// x is [size]; z, m and log m are [groups, size]; d = x - z; s = v + sigma^2. Each task handles a range of positions, with
// all of their groups. For the gradient of log v, a sum over all positions, each task computes a partial sum.

import { expOfMinus4, log4, prepareExponential } from "./exponential";
import { keepFirst, loadUpTo, storeUpTo } from "./lanes";
import { elementsPerTask, tasksOf } from "./partition";
import {
  JOB, GAUSSIAN_ALGORITHM_ERROR, GAUSSIAN_ALGORITHM_ERROR_GRADIENT, GAUSSIAN_COST, GAUSSIAN_COST_GRADIENT,
  GAUSSIAN_EXACT_ERROR, GAUSSIAN_EXACT_ERROR_GRADIENT, GAUSSIAN_LIKELIHOOD, GAUSSIAN_LIKELIHOOD_GRADIENT,
  GAUSSIAN_RESIDUAL_ERROR, GAUSSIAN_RESIDUAL_ERROR_GRADIENT,
} from "./job";
import { runJob } from "./pool";
import { addDoubles, storePart, sumParts } from "./sum-values";
import { multiplyAdd } from "./vector";

const GROUPS: usize = 4;
const SIZE: usize = 8;
const TASK_SIZE: usize = 12;
const HALF_PRECISION: usize = 16; // 1 / 2s
const PRECISION: usize = 20; // 1 / s
const SCALE: usize = 24; // the density's factor, or an element's share in the gradient of the cost
const X: usize = 28;
const Z: usize = 32;
const M: usize = 36; // m or log m; 0 if unused
const DY: usize = 40;
const OUTPUT: usize = 44; // the operation's output, if the gradient needs it
const RESULT: usize = 48; // the output; in gradients, that of z
const OF_M: usize = 52; // the gradient of m or log m
const PARTS: usize = 56;

@inline
function prepare(
  job: usize, operation: u32, groups: u32, size: u32, variance: f64, x: usize, z: usize, m: usize, result: usize,
): u32 {
  const each = elementsPerTask(size, groups);
  store<u32>(job, operation);
  store<u32>(job, groups, GROUPS);
  store<u32>(job, size, SIZE);
  store<u32>(job, each, TASK_SIZE);
  store<f32>(job, <f32>(0.5 / variance), HALF_PRECISION);
  store<f32>(job, <f32>(1 / variance), PRECISION);
  store<f32>(job, <f32>(1 / sqrt<f64>(6.283185307179586 * variance)), SCALE);
  store<usize>(job, x, X);
  store<usize>(job, z, Z);
  store<usize>(job, m, M);
  store<usize>(job, result, RESULT);
  prepareExponential(job);
  return tasksOf(size, each);
}

/** Bytes of scratch memory for sums over all positions. */
export function gaussianPartsBytes(groups: u32, size: u32): u32 {
  return 8 * tasksOf(size, elementsPerTask(size, groups));
}

@inline
function firstOf(job: usize, task: u32): usize {
  return <usize>(task * load<u32>(job, TASK_SIZE)) << 2;
}

@inline
function bytesOf(job: usize, task: u32): usize {
  return <usize>min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - task * load<u32>(job, TASK_SIZE)) << 2;
}

/** -d^2 / 2s, plus log m if given: log(m Normal(x; z, s)) up to a term that is the same for all groups. */
@inline
function logitOf(x: v128, z: usize, logM: usize, half: v128, n: u32): v128 {
  const d = f32x4.sub(x, loadUpTo(z, n));
  const logit = f32x4.neg(f32x4.mul(f32x4.mul(d, d), half));
  return logM ? f32x4.add(logit, loadUpTo(logM, n)) : logit;
}

/** Writes exp(logit - largest logit) for each group, and returns the sum. */
@inline
function weigh(
  x: v128, z: usize, logM: usize, to: usize, stride: usize, groups: u32, half: v128, n: u32, job: usize,
): v128 {
  let largest = f32x4.splat(-Infinity);
  let k: usize = 0;
  for (let left = groups; left > 0; left--) {
    const logit = logitOf(x, z + k, logM ? logM + k : 0, half, n);
    largest = f32x4.pmax(largest, logit); // ignores NaN; a NaN logit becomes NaN below
    storeUpTo(to + k, logit, n);
    k += stride;
  }
  let total = f32x4.splat(0);
  k = to;
  for (let left = groups; left > 0; left--) {
    const weight = expOfMinus4(f32x4.sub(largest, loadUpTo(k, n)), job);
    storeUpTo(k, weight, n);
    total = f32x4.add(total, weight);
    k += stride;
  }
  return total;
}

/** L = softmax over groups of -d^2 / 2s, with s the `variance`. */
export function gaussianLikelihood(
  control: usize, groups: u32, size: u32, variance: f64, x: usize, z: usize, likelihood: usize,
): void {
  runJob(control, prepare(control + JOB, GAUSSIAN_LIKELIHOOD, groups, size, variance, x, z, 0, likelihood));
}

export function gaussianLikelihoodTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from, z = load<usize>(job, Z) + from, result = load<usize>(job, RESULT) + from;
  const half = v128.load32_splat(job + HALF_PRECISION);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const total = weigh(loadUpTo(x + o, n), z + o, 0, result + o, stride, groups, half, n, job);
    let k = result + o;
    for (let left = groups; left > 0; left--) {
      storeUpTo(k, f32x4.div(loadUpTo(k, n), total), n);
      k += stride;
    }
  }
}

/** The gradient of `gaussianLikelihood` with respect to z and log v, from its output; `learned` is v. */
export function gaussianLikelihoodGradient(
  control: usize, groups: u32, size: u32, variance: f64, learned: f64, dy: usize, x: usize, z: usize, likelihood: usize,
  dz: usize, parts: usize, dLogVariance: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, GAUSSIAN_LIKELIHOOD_GRADIENT, groups, size, variance, x, z, 0, dz);
  store<usize>(job, dy, DY);
  store<usize>(job, likelihood, OUTPUT);
  store<usize>(job, parts, PARTS);
  runJob(control, tasks);
  // d log z~_k / d log v = d_k^2 v / 2 s^2
  store<f32>(dLogVariance, <f32>((sumParts(parts, tasks) * learned) / (2 * variance)));
}

export function gaussianLikelihoodGradientTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from, z = load<usize>(job, Z) + from, dy = load<usize>(job, DY) + from;
  const likelihood = load<usize>(job, OUTPUT) + from, result = load<usize>(job, RESULT) + from;
  const precision = v128.load32_splat(job + PRECISION);
  let part = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const input = loadUpTo(x + o, n);
    let sum = f32x4.splat(0);
    let k = o;
    for (let left = groups; left > 0; left--) {
      sum = multiplyAdd(loadUpTo(dy + k, n), loadUpTo(likelihood + k, n), sum);
      k += stride;
    }
    k = o;
    for (let left = groups; left > 0; left--) {
      const d = f32x4.sub(input, loadUpTo(z + k, n));
      const dLogit = f32x4.mul(loadUpTo(likelihood + k, n), f32x4.sub(loadUpTo(dy + k, n), sum));
      const dz = f32x4.mul(dLogit, f32x4.mul(d, precision));
      storeUpTo(result + k, dz, n);
      part = addDoubles(part, f32x4.mul(dz, d));
      k += stride;
    }
  }
  storePart(load<usize>(job, PARTS), task, part);
}

/** The modeling error d m Normal(d; 0, s). */
export function gaussianAlgorithmError(
  control: usize, groups: u32, size: u32, variance: f64, x: usize, z: usize, m: usize, error: usize,
): void {
  runJob(control, prepare(control + JOB, GAUSSIAN_ALGORITHM_ERROR, groups, size, variance, x, z, m, error));
}

/** Normal(d; 0, s) */
@inline
function density(d: v128, half: v128, scale: v128, job: usize): v128 {
  return f32x4.mul(expOfMinus4(f32x4.mul(f32x4.mul(d, d), half), job), scale);
}

export function gaussianAlgorithmErrorTask(job: usize, task: u32): void {
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from;
  let z = load<usize>(job, Z) + from, m = load<usize>(job, M) + from, result = load<usize>(job, RESULT) + from;
  const half = v128.load32_splat(job + HALF_PRECISION), scale = v128.load32_splat(job + SCALE);
  for (let left = load<u32>(job, GROUPS); left > 0; left--) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const n = <u32>min<usize>(4, (bytes - o) >> 2);
      const d = f32x4.sub(loadUpTo(x + o, n), loadUpTo(z + o, n));
      storeUpTo(result + o, f32x4.mul(f32x4.mul(d, loadUpTo(m + o, n)), density(d, half, scale, job)), n);
    }
    z += stride;
    m += stride;
    result += stride;
  }
}

/** The gradient of `gaussianAlgorithmError` with respect to z, m and log v; `learned` is v. */
export function gaussianAlgorithmErrorGradient(
  control: usize, groups: u32, size: u32, variance: f64, learned: f64, dy: usize, x: usize, z: usize, m: usize, dz: usize,
  dm: usize, parts: usize, dLogVariance: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, GAUSSIAN_ALGORITHM_ERROR_GRADIENT, groups, size, variance, x, z, m, dz);
  store<usize>(job, dy, DY);
  store<usize>(job, dm, OF_M);
  store<usize>(job, parts, PARTS);
  runJob(control, tasks);
  // d log dz / ds = (d^2 / s - 1) / 2s, ds / d log v = v
  store<f32>(dLogVariance, <f32>((sumParts(parts, tasks) * learned) / (2 * variance)));
}

export function gaussianAlgorithmErrorGradientTask(job: usize, task: u32): void {
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from;
  let z = load<usize>(job, Z) + from, m = load<usize>(job, M) + from, dy = load<usize>(job, DY) + from;
  let dz = load<usize>(job, RESULT) + from, dm = load<usize>(job, OF_M) + from;
  const half = v128.load32_splat(job + HALF_PRECISION), scale = v128.load32_splat(job + SCALE);
  const precision = v128.load32_splat(job + PRECISION);
  const one = f32x4.splat(1);
  let part = f64x2.splat(0);
  for (let left = load<u32>(job, GROUPS); left > 0; left--) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const n = <u32>min<usize>(4, (bytes - o) >> 2);
      const d = f32x4.sub(loadUpTo(x + o, n), loadUpTo(z + o, n));
      const g = f32x4.mul(loadUpTo(dy + o, n), density(d, half, scale, job));
      const weighed = f32x4.mul(g, loadUpTo(m + o, n));
      // d/dd of d exp(-d^2 / 2s) = (1 - d^2 / s) exp(-d^2 / 2s), and dd = -dz
      const growth = f32x4.sub(f32x4.mul(f32x4.mul(d, d), precision), one);
      const slope = f32x4.mul(weighed, growth);
      storeUpTo(dz + o, slope, n);
      storeUpTo(dm + o, f32x4.mul(g, d), n);
      part = addDoubles(part, f32x4.mul(slope, d));
    }
    z += stride;
    m += stride;
    dy += stride;
    dz += stride;
    dm += stride;
  }
  storePart(load<usize>(job, PARTS), task, part);
}

/** The modeling error (d / s) r with r = softmax over groups of log m - d^2 / 2s. */
export function gaussianExactError(
  control: usize, groups: u32, size: u32, variance: f64, x: usize, z: usize, logM: usize, error: usize,
): void {
  runJob(control, prepare(control + JOB, GAUSSIAN_EXACT_ERROR, groups, size, variance, x, z, logM, error));
}

export function gaussianExactErrorTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from, z = load<usize>(job, Z) + from, logM = load<usize>(job, M) + from;
  const result = load<usize>(job, RESULT) + from;
  const half = v128.load32_splat(job + HALF_PRECISION), precision = v128.load32_splat(job + PRECISION);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const input = loadUpTo(x + o, n);
    const total = weigh(input, z + o, logM + o, result + o, stride, groups, half, n, job);
    let k = o;
    for (let left = groups; left > 0; left--) {
      const d = f32x4.sub(input, loadUpTo(z + k, n));
      const r = f32x4.div(loadUpTo(result + k, n), total);
      storeUpTo(result + k, f32x4.mul(f32x4.mul(d, precision), r), n);
      k += stride;
    }
  }
}

/** The gradient of `gaussianExactError` with respect to z, log m and log v; `learned` is v. */
export function gaussianExactErrorGradient(
  control: usize, groups: u32, size: u32, variance: f64, learned: f64, dy: usize, x: usize, z: usize, logM: usize,
  dz: usize, dLogM: usize, parts: usize, dLogVariance: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, GAUSSIAN_EXACT_ERROR_GRADIENT, groups, size, variance, x, z, logM, dz);
  store<usize>(job, dy, DY);
  store<usize>(job, dLogM, OF_M);
  store<usize>(job, parts, PARTS);
  runJob(control, tasks);
  store<f32>(dLogVariance, <f32>((sumParts(parts, tasks) * learned) / (variance * variance)));
}

export function gaussianExactErrorGradientTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from, z = load<usize>(job, Z) + from, logM = load<usize>(job, M) + from;
  const dy = load<usize>(job, DY) + from, dz = load<usize>(job, RESULT) + from, dLogM = load<usize>(job, OF_M) + from;
  const half = v128.load32_splat(job + HALF_PRECISION), precision = v128.load32_splat(job + PRECISION);
  const oneHalf = f32x4.splat(0.5);
  let part = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const input = loadUpTo(x + o, n);
    const total = weigh(input, z + o, logM + o, dz + o, stride, groups, half, n, job);
    // There are two paths: directly, and through r to its logits. The gradient of r is g d / s; the gradient of the logits is
    // r times the difference of that and its mean under r.
    let sum = f32x4.splat(0);
    let k = o;
    for (let left = groups; left > 0; left--) {
      const d = f32x4.sub(input, loadUpTo(z + k, n));
      const r = f32x4.div(loadUpTo(dz + k, n), total);
      sum = multiplyAdd(f32x4.mul(loadUpTo(dy + k, n), f32x4.mul(d, precision)), r, sum);
      storeUpTo(dz + k, r, n);
      k += stride;
    }
    k = o;
    for (let left = groups; left > 0; left--) {
      const d = f32x4.sub(input, loadUpTo(z + k, n));
      const r = loadUpTo(dz + k, n);
      const g = loadUpTo(dy + k, n);
      const dLogit = f32x4.mul(r, f32x4.sub(f32x4.mul(g, f32x4.mul(d, precision)), sum));
      const indirect = f32x4.mul(dLogit, d), direct = f32x4.mul(g, r);
      storeUpTo(dz + k, f32x4.mul(f32x4.sub(indirect, direct), precision), n);
      storeUpTo(dLogM + k, dLogit, n);
      part = addDoubles(part, f32x4.mul(d, f32x4.sub(f32x4.mul(indirect, oneHalf), direct)));
      k += stride;
    }
  }
  storePart(load<usize>(job, PARTS), task, part);
}

/** The modeling error d m. */
export function gaussianResidualError(
  control: usize, groups: u32, size: u32, x: usize, z: usize, m: usize, error: usize,
): void {
  runJob(control, prepare(control + JOB, GAUSSIAN_RESIDUAL_ERROR, groups, size, 1, x, z, m, error));
}

export function gaussianResidualErrorTask(job: usize, task: u32): void {
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from;
  let z = load<usize>(job, Z) + from, m = load<usize>(job, M) + from, result = load<usize>(job, RESULT) + from;
  for (let left = load<u32>(job, GROUPS); left > 0; left--) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const n = <u32>min<usize>(4, (bytes - o) >> 2);
      const d = f32x4.sub(loadUpTo(x + o, n), loadUpTo(z + o, n));
      storeUpTo(result + o, f32x4.mul(d, loadUpTo(m + o, n)), n);
    }
    z += stride;
    m += stride;
    result += stride;
  }
}

/** The gradient of `gaussianResidualError` with respect to z and m. */
export function gaussianResidualErrorGradient(
  control: usize, groups: u32, size: u32, dy: usize, x: usize, z: usize, m: usize, dz: usize, dm: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, GAUSSIAN_RESIDUAL_ERROR_GRADIENT, groups, size, 1, x, z, m, dz);
  store<usize>(job, dy, DY);
  store<usize>(job, dm, OF_M);
  runJob(control, tasks);
}

export function gaussianResidualErrorGradientTask(job: usize, task: u32): void {
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from;
  let z = load<usize>(job, Z) + from, m = load<usize>(job, M) + from, dy = load<usize>(job, DY) + from;
  let dz = load<usize>(job, RESULT) + from, dm = load<usize>(job, OF_M) + from;
  for (let left = load<u32>(job, GROUPS); left > 0; left--) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const n = <u32>min<usize>(4, (bytes - o) >> 2);
      const g = loadUpTo(dy + o, n);
      storeUpTo(dz + o, f32x4.neg(f32x4.mul(g, loadUpTo(m + o, n))), n);
      storeUpTo(dm + o, f32x4.mul(g, f32x4.sub(loadUpTo(x + o, n), loadUpTo(z + o, n))), n);
    }
    z += stride;
    m += stride;
    dy += stride;
    dz += stride;
    dm += stride;
  }
}

/** The denoising cost mean -log sum_k m_k Normal(x; z_k, v); `variance` is v. */
export function gaussianCost(
  control: usize, groups: u32, size: u32, variance: f64, constant: f64, x: usize, z: usize, logM: usize, parts: usize,
  cost: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, GAUSSIAN_COST, groups, size, variance, x, z, logM, 0);
  store<usize>(job, parts, PARTS);
  runJob(control, tasks);
  store<f32>(cost, <f32>(constant - sumParts(parts, tasks) / <f64>size));
}

export function gaussianCostTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from, z = load<usize>(job, Z) + from, logM = load<usize>(job, M) + from;
  const half = v128.load32_splat(job + HALF_PRECISION);
  let part = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const input = loadUpTo(x + o, n);
    let largest = f32x4.splat(-Infinity);
    let k = o;
    for (let left = groups; left > 0; left--) {
      largest = f32x4.pmax(largest, logitOf(input, z + k, logM + k, half, n));
      k += stride;
    }
    let total = f32x4.splat(0);
    k = o;
    for (let left = groups; left > 0; left--) {
      const logit = logitOf(input, z + k, logM + k, half, n);
      total = f32x4.add(total, expOfMinus4(f32x4.sub(largest, logit), job));
      k += stride;
    }
    const logLikelihood = f32x4.add(largest, log4(total, job));
    part = addDoubles(part, n == 4 ? logLikelihood : keepFirst(logLikelihood, n));
  }
  storePart(load<usize>(job, PARTS), task, part);
}

/** The gradient of `gaussianCost` with respect to z, log m and log v, from the gradient of the cost, a scalar at `dy`. */
export function gaussianCostGradient(
  control: usize, groups: u32, size: u32, variance: f64, dy: usize, x: usize, z: usize, logM: usize, dz: usize,
  dLogM: usize, parts: usize, dLogVariance: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, GAUSSIAN_COST_GRADIENT, groups, size, variance, x, z, logM, dz);
  const g = <f64>load<f32>(dy);
  store<f32>(job, <f32>(-g / <f64>size), SCALE);
  store<usize>(job, dLogM, OF_M);
  store<usize>(job, parts, PARTS);
  runJob(control, tasks);
  // d logit_k / d log v = d_k^2 / 2v - 1/2, and the gradients of the logits sum to -dy
  store<f32>(dLogVariance, <f32>(0.5 * (sumParts(parts, tasks) / variance + g)));
}

export function gaussianCostGradientTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from, z = load<usize>(job, Z) + from, logM = load<usize>(job, M) + from;
  const dz = load<usize>(job, RESULT) + from, dLogM = load<usize>(job, OF_M) + from;
  const half = v128.load32_splat(job + HALF_PRECISION), precision = v128.load32_splat(job + PRECISION);
  const share = v128.load32_splat(job + SCALE);
  let part = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const input = loadUpTo(x + o, n);
    const factor = f32x4.div(share, weigh(input, z + o, logM + o, dz + o, stride, groups, half, n, job));
    let k = o;
    for (let left = groups; left > 0; left--) {
      const d = f32x4.sub(input, loadUpTo(z + k, n));
      const dLogit = f32x4.mul(loadUpTo(dz + k, n), factor);
      const product = f32x4.mul(dLogit, d);
      storeUpTo(dz + k, f32x4.mul(product, precision), n);
      storeUpTo(dLogM + k, dLogit, n);
      part = addDoubles(part, f32x4.mul(product, d));
      k += stride;
    }
  }
  storePart(load<usize>(job, PARTS), task, part);
}
