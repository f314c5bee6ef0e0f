// Noise models of pixels with several channels: the assignment likelihood, the modeling error, the denoising cost, and their
// gradients. x is [size, channels], z and dz are [groups, size, channels], for `size` pixels; m, log m and L are
// [groups, size]. Each task handles a range of pixels, with all of their groups.
//
// Both noise models share the computation. With u_kc the derivative of log z~_kc by z_kc, up to a constant `slope`:
//
//     logit_k = sum over channels of log z~_kc, plus log m_k
//     L, r    = softmax over groups of logit, without and with log m
//     dz_kc   = r_k u_kc
//
//     Gaussian noise   log z~ = -d^2 / 2s,  u = d / s,            slope 1,           with d = x - z, s = v + sigma^2
//     bit flips        z~ as in bitflip.ts, u = (2 x - 1) / z~,   slope 1 - 2 beta
//
// Functions are generic in the noise model N: f32 stands for Gaussian noise, i32 for bit flips.

import { expOfMinus4, log4, prepareExponential } from "./exponential";
import { keepFirst, loadUpTo, storeUpTo } from "./lanes";
import { elementsPerTask, tasksOf } from "./partition";
import {
  JOB, PIXEL_ALGORITHM_ERROR, PIXEL_ALGORITHM_ERROR_GRADIENT, PIXEL_COST, PIXEL_COST_GRADIENT, PIXEL_ERROR,
  PIXEL_ERROR_GRADIENT, PIXEL_LIKELIHOOD, PIXEL_LIKELIHOOD_GRADIENT, PIXEL_RESIDUAL_ERROR,
  PIXEL_RESIDUAL_ERROR_GRADIENT,
} from "./job";
import { runJob } from "./pool";
import { addDoubles, storePart, sumParts } from "./sum-values";
import { multiplyAdd } from "./vector";

const GROUPS: usize = 4;
const SIZE: usize = 8;
const TASK_SIZE: usize = 12;
const CHANNELS: usize = 16;
const BITFLIP: usize = 20; // whether the noise are bit flips
const HALF_PRECISION: usize = 24; // 1 / 2s
const PRECISION: usize = 28; // 1 / s
const SCALE: usize = 24; // of bit flips: 1 - 2 beta, or 1 - 2 epsilon
const FLIP: usize = 28; // of bit flips: beta, or epsilon
const SHARE: usize = 32; // a value's share in the gradient of the cost; -log of the density's factor
const X: usize = 36;
const Z: usize = 40;
const M: usize = 44; // m or log m; L in the gradient of the likelihood
const DY: usize = 48;
const RESULT: usize = 52; // the output; in gradients, that of z
const OF_M: usize = 56; // the gradient of m or log m
const R: usize = 60; // memory for r
const PARTS: usize = 64;

/** `variance` is s, or negative for bit flips, then -`variance` is beta or epsilon. */
@inline
function prepare(
  job: usize, operation: u32, groups: u32, size: u32, channels: u32, variance: f64, x: usize, z: usize, m: usize,
  result: usize,
): u32 {
  const each = elementsPerTask(size, groups * channels);
  const bitflip = variance < 0;
  store<u32>(job, operation);
  store<u32>(job, groups, GROUPS);
  store<u32>(job, size, SIZE);
  store<u32>(job, each, TASK_SIZE);
  store<u32>(job, channels, CHANNELS);
  store<u32>(job, u32(bitflip), BITFLIP);
  store<f32>(job, <f32>(bitflip ? 1 + 2 * variance : 0.5 / variance), HALF_PRECISION);
  store<f32>(job, <f32>(bitflip ? -variance : 1 / variance), PRECISION);
  store<usize>(job, x, X);
  store<usize>(job, z, Z);
  store<usize>(job, m, M);
  store<usize>(job, result, RESULT);
  prepareExponential(job);
  return tasksOf(size, each);
}

@inline
function partsBytes(groups: u32, size: u32, channels: u32): u32 {
  return (8 * tasksOf(size, elementsPerTask(size, groups * channels)) + 15) & ~15;
}

/** Bytes of scratch memory: sums over all pixels, then r. */
export function pixelBytes(groups: u32, size: u32, channels: u32): u32 {
  return partsBytes(groups, size, channels) + 4 * groups * size;
}

@inline
function useScratch(job: usize, groups: u32, size: u32, channels: u32, scratch: usize): void {
  store<usize>(job, scratch, PARTS);
  store<usize>(job, scratch + partsBytes(groups, size, channels), R);
}

@inline
function firstOf(job: usize, task: u32): usize {
  return <usize>(task * load<u32>(job, TASK_SIZE)) << 2;
}

@inline
function bytesOf(job: usize, task: u32): usize {
  return <usize>min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - task * load<u32>(job, TASK_SIZE)) << 2;
}

/** One channel of 1 to 4 successive pixels, `stride` bytes apart, followed by zeros. */
@inline
function loadChannel(at: usize, stride: usize, count: u32): v128 {
  let value = v128.load32_zero(at);
  if (count > 1) value = v128.load32_lane(at + stride, value, 1);
  if (count > 2) value = v128.load32_lane(at + 2 * stride, value, 2);
  if (count > 3) value = v128.load32_lane(at + 3 * stride, value, 3);
  return value;
}

@inline
function storeChannel(at: usize, stride: usize, value: v128, count: u32): void {
  v128.store32_lane(at, value, 0);
  if (count > 1) v128.store32_lane(at + stride, value, 1);
  if (count > 2) v128.store32_lane(at + 2 * stride, value, 2);
  if (count > 3) v128.store32_lane(at + 3 * stride, value, 3);
}

/** z~ of bit flips, as in bitflip.ts. */
@inline
function unnormalized(x: v128, z: v128, job: usize): v128 {
  const one = f32x4.splat(1);
  const agreement = multiplyAdd(z, f32x4.sub(f32x4.add(x, x), one), f32x4.sub(one, x));
  return multiplyAdd(agreement, v128.load32_splat(job + SCALE), v128.load32_splat(job + FLIP));
}

/** The sum of log z~ over the channels of pixels, up to a term that is the same for all groups. */
@inline
function logLikelihood<N>(x: usize, z: usize, channels: u32, n: u32, job: usize): v128 {
  const stride = <usize>channels << 2;
  let sum = f32x4.splat(0);
  if (isFloat<N>()) {
    for (let c: usize = 0; c < stride; c += 4) {
      const d = f32x4.sub(loadChannel(x + c, stride, n), loadChannel(z + c, stride, n));
      sum = multiplyAdd(d, d, sum);
    }
    return f32x4.neg(f32x4.mul(sum, v128.load32_splat(job + HALF_PRECISION)));
  }
  let product = f32x4.splat(1);
  for (let c: u32 = 1; c <= channels; c++) {
    const at = <usize>(c - 1) << 2;
    product = f32x4.mul(product, unnormalized(loadChannel(x + at, stride, n), loadChannel(z + at, stride, n), job));
    // Four probabilities of at least 1e-6 cannot underflow, and a logarithm is slow.
    if (c % 4 != 0 && c < channels) continue;
    sum = f32x4.add(sum, log4(product, job));
    product = f32x4.splat(1);
  }
  return sum;
}

/** u */
@inline
function force<N>(x: v128, z: v128, job: usize): v128 {
  if (isFloat<N>()) return f32x4.mul(f32x4.sub(x, z), v128.load32_splat(job + PRECISION));
  return f32x4.div(f32x4.sub(f32x4.add(x, x), f32x4.splat(1)), unnormalized(x, z, job));
}

@inline
function slopeOf<N>(job: usize): v128 {
  return isFloat<N>() ? f32x4.splat(1) : v128.load32_splat(job + SCALE);
}

/** The derivative of u by z. */
@inline
function forceSlope<N>(u: v128, job: usize): v128 {
  if (isFloat<N>()) return f32x4.neg(v128.load32_splat(job + PRECISION));
  return f32x4.neg(f32x4.mul(f32x4.mul(u, u), v128.load32_splat(job + SCALE)));
}

/** Writes the softmax over groups of the logits of pixels to `r`; returns the logarithm of its denominator. */
@inline
function share<N>(
  x: usize, z: usize, logM: usize, r: usize, zStride: usize, stride: usize, channels: u32, groups: u32, n: u32, job: usize,
): v128 {
  let largest = f32x4.splat(-Infinity);
  let k: usize = 0, ofZ = z;
  for (let left = groups; left > 0; left--) {
    let logit = logLikelihood<N>(x, ofZ, channels, n, job);
    if (logM) logit = f32x4.add(logit, loadUpTo(logM + k, n));
    largest = f32x4.pmax(largest, logit); // ignores NaN; a NaN logit becomes NaN below
    storeUpTo(r + k, logit, n);
    k += stride;
    ofZ += zStride;
  }
  let total = f32x4.splat(0);
  k = r;
  for (let left = groups; left > 0; left--) {
    const weight = expOfMinus4(f32x4.sub(largest, loadUpTo(k, n)), job);
    storeUpTo(k, weight, n);
    total = f32x4.add(total, weight);
    k += stride;
  }
  k = r;
  for (let left = groups; left > 0; left--) {
    storeUpTo(k, f32x4.div(loadUpTo(k, n), total), n);
    k += stride;
  }
  return f32x4.add(largest, log4(total, job));
}

/** L. */
export function pixelLikelihood(
  control: usize, groups: u32, size: u32, channels: u32, variance: f64, x: usize, z: usize, likelihood: usize,
): void {
  const job = control + JOB;
  runJob(control, prepare(job, PIXEL_LIKELIHOOD, groups, size, channels, variance, x, z, 0, likelihood));
}

export function pixelLikelihoodTask(job: usize, task: u32): void {
  if (load<u32>(job, BITFLIP)) likelihoodTask<i32>(job, task);
  else likelihoodTask<f32>(job, task);
}

function likelihoodTask<N>(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS), channels = load<u32>(job, CHANNELS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from * channels, z = load<usize>(job, Z) + from * channels;
  const result = load<usize>(job, RESULT) + from;
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const at = o * channels;
    share<N>(x + at, z + at, 0, result + o, stride * channels, stride, channels, groups, n, job);
  }
}

/** a_k = L_k (g_k - sum of g L), dz = slope u a; `learned` is v. */
export function pixelLikelihoodGradient(
  control: usize, groups: u32, size: u32, channels: u32, variance: f64, learned: f64, dy: usize, x: usize, z: usize,
  likelihood: usize, dz: usize, scratch: usize, dLogVariance: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, PIXEL_LIKELIHOOD_GRADIENT, groups, size, channels, variance, x, z, likelihood, dz);
  store<usize>(job, dy, DY);
  useScratch(job, groups, size, channels, scratch);
  runJob(control, tasks);
  // d log z~_k / d log v = d_k^2 v / 2 s^2
  if (dLogVariance) store<f32>(dLogVariance, <f32>((sumParts(scratch, tasks) * learned) / (2 * variance)));
}

export function pixelLikelihoodGradientTask(job: usize, task: u32): void {
  if (load<u32>(job, BITFLIP)) likelihoodGradientTask<i32>(job, task);
  else likelihoodGradientTask<f32>(job, task);
}

function likelihoodGradientTask<N>(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS), channels = load<u32>(job, CHANNELS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from * channels, z = load<usize>(job, Z) + from * channels;
  const result = load<usize>(job, RESULT) + from * channels;
  const likelihood = load<usize>(job, M) + from, dy = load<usize>(job, DY) + from;
  let part = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    let sum = f32x4.splat(0);
    let k = o;
    for (let left = groups; left > 0; left--) {
      sum = multiplyAdd(loadUpTo(dy + k, n), loadUpTo(likelihood + k, n), sum);
      k += stride;
    }
    k = o;
    for (let left = groups; left > 0; left--) {
      const a = f32x4.mul(loadUpTo(likelihood + k, n), f32x4.sub(loadUpTo(dy + k, n), sum));
      part = addDoubles(part, spread<N>(x + o * channels, z + k * channels, result + k * channels, channels, a, n, job));
      k += stride;
    }
  }
  storePart(load<usize>(job, PARTS), task, part);
}

/** Writes slope u a for each channel of pixels, and returns the sum of that times d. */
@inline
function spread<N>(x: usize, z: usize, dz: usize, channels: u32, a: v128, n: u32, job: usize): v128 {
  const stride = <usize>channels << 2;
  const factor = f32x4.mul(a, slopeOf<N>(job));
  let change = f32x4.splat(0);
  for (let c: usize = 0; c < stride; c += 4) {
    const input = loadChannel(x + c, stride, n), prediction = loadChannel(z + c, stride, n);
    const ofZ = f32x4.mul(force<N>(input, prediction, job), factor);
    storeChannel(dz + c, stride, ofZ, n);
    if (isFloat<N>()) change = multiplyAdd(ofZ, f32x4.sub(input, prediction), change);
  }
  return change;
}

/** r u. */
export function pixelError(
  control: usize, groups: u32, size: u32, channels: u32, variance: f64, x: usize, z: usize, logM: usize, error: usize,
  scratch: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, PIXEL_ERROR, groups, size, channels, variance, x, z, logM, error);
  useScratch(job, groups, size, channels, scratch);
  runJob(control, tasks);
}

export function pixelErrorTask(job: usize, task: u32): void {
  if (load<u32>(job, BITFLIP)) errorTask<i32>(job, task);
  else errorTask<f32>(job, task);
}

function errorTask<N>(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS), channels = load<u32>(job, CHANNELS);
  const stride = <usize>load<u32>(job, SIZE) << 2, valueStride = <usize>channels << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from * channels, z = load<usize>(job, Z) + from * channels;
  const result = load<usize>(job, RESULT) + from * channels;
  const logM = load<usize>(job, M) + from, r = load<usize>(job, R) + from;
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const at = o * channels;
    share<N>(x + at, z + at, logM + o, r + o, stride * channels, stride, channels, groups, n, job);
    let k = o;
    for (let left = groups; left > 0; left--) {
      const weight = loadUpTo(r + k, n);
      for (let c: usize = 0; c < valueStride; c += 4) {
        const input = loadChannel(x + at + c, valueStride, n);
        const u = force<N>(input, loadChannel(z + k * channels + c, valueStride, n), job);
        storeChannel(result + k * channels + c, valueStride, f32x4.mul(u, weight), n);
      }
      k += stride;
    }
  }
}

/**
 * a_k = r_k (G_k - sum of G r) for log m, with G_k the sum of g u over channels; for z, slope u a + g r du/dz. `learned` is v.
 */
export function pixelErrorGradient(
  control: usize, groups: u32, size: u32, channels: u32, variance: f64, learned: f64, dy: usize, x: usize, z: usize,
  logM: usize, dz: usize, dLogM: usize, scratch: usize, dLogVariance: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, PIXEL_ERROR_GRADIENT, groups, size, channels, variance, x, z, logM, dz);
  store<usize>(job, dy, DY);
  store<usize>(job, dLogM, OF_M);
  useScratch(job, groups, size, channels, scratch);
  runJob(control, tasks);
  // d logit_k / d log v = d_k^2 v / 2 s^2, and d u / d log v = -d v / s^2
  if (dLogVariance) store<f32>(dLogVariance, <f32>((sumParts(scratch, tasks) * learned) / variance));
}

export function pixelErrorGradientTask(job: usize, task: u32): void {
  if (load<u32>(job, BITFLIP)) errorGradientTask<i32>(job, task);
  else errorGradientTask<f32>(job, task);
}

function errorGradientTask<N>(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS), channels = load<u32>(job, CHANNELS);
  const stride = <usize>load<u32>(job, SIZE) << 2, valueStride = <usize>channels << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from * channels, z = load<usize>(job, Z) + from * channels;
  const dy = load<usize>(job, DY) + from * channels, result = load<usize>(job, RESULT) + from * channels;
  const logM = load<usize>(job, M) + from, r = load<usize>(job, R) + from, ofM = load<usize>(job, OF_M) + from;
  const slope = slopeOf<N>(job), half = f32x4.splat(0.5);
  let part = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const at = o * channels;
    share<N>(x + at, z + at, logM + o, r + o, stride * channels, stride, channels, groups, n, job);
    let mean = f32x4.splat(0);
    let k = o;
    for (let left = groups; left > 0; left--) {
      let ofR = f32x4.splat(0);
      for (let c: usize = 0; c < valueStride; c += 4) {
        const input = loadChannel(x + at + c, valueStride, n);
        const u = force<N>(input, loadChannel(z + k * channels + c, valueStride, n), job);
        ofR = multiplyAdd(loadChannel(dy + k * channels + c, valueStride, n), u, ofR);
      }
      storeUpTo(ofM + k, ofR, n);
      mean = multiplyAdd(ofR, loadUpTo(r + k, n), mean);
      k += stride;
    }
    k = o;
    for (let left = groups; left > 0; left--) {
      const weight = loadUpTo(r + k, n);
      const a = f32x4.mul(weight, f32x4.sub(loadUpTo(ofM + k, n), mean));
      storeUpTo(ofM + k, a, n);
      const factor = f32x4.mul(a, slope);
      let change = f32x4.splat(0);
      for (let c: usize = 0; c < valueStride; c += 4) {
        const input = loadChannel(x + at + c, valueStride, n);
        const prediction = loadChannel(z + k * channels + c, valueStride, n);
        const u = force<N>(input, prediction, job);
        const indirect = f32x4.mul(u, factor);
        const g = f32x4.mul(loadChannel(dy + k * channels + c, valueStride, n), weight);
        const direct = f32x4.mul(g, forceSlope<N>(u, job));
        storeChannel(result + k * channels + c, valueStride, f32x4.add(indirect, direct), n);
        if (isFloat<N>()) {
          change = multiplyAdd(f32x4.sub(input, prediction), multiplyAdd(indirect, half, direct), change);
        }
      }
      part = addDoubles(part, change);
      k += stride;
    }
  }
  storePart(load<usize>(job, PARTS), task, part);
}

/** -mean of log sum over groups of exp(logit), per value, plus `constant`. */
export function pixelCost(
  control: usize, groups: u32, size: u32, channels: u32, variance: f64, constant: f64, x: usize, z: usize, logM: usize,
  scratch: usize, cost: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, PIXEL_COST, groups, size, channels, variance, x, z, logM, 0);
  useScratch(job, groups, size, channels, scratch);
  runJob(control, tasks);
  store<f32>(cost, <f32>(constant - sumParts(scratch, tasks) / (<f64>size * channels)));
}

export function pixelCostTask(job: usize, task: u32): void {
  if (load<u32>(job, BITFLIP)) costTask<i32>(job, task);
  else costTask<f32>(job, task);
}

function costTask<N>(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS), channels = load<u32>(job, CHANNELS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from * channels, z = load<usize>(job, Z) + from * channels;
  const logM = load<usize>(job, M) + from, r = load<usize>(job, R) + from;
  let part = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const at = o * channels;
    const value = share<N>(x + at, z + at, logM + o, r + o, stride * channels, stride, channels, groups, n, job);
    part = addDoubles(part, n == 4 ? value : keepFirst(value, n));
  }
  storePart(load<usize>(job, PARTS), task, part);
}

/** a_k = -dy r_k / (size channels) for log m, with the gradient of the cost at `dy`; slope u a for z. */
export function pixelCostGradient(
  control: usize, groups: u32, size: u32, channels: u32, variance: f64, dy: usize, x: usize, z: usize, logM: usize,
  dz: usize, dLogM: usize, scratch: usize, dLogVariance: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, PIXEL_COST_GRADIENT, groups, size, channels, variance, x, z, logM, dz);
  store<usize>(job, dLogM, OF_M);
  store<f32>(job, <f32>(-(<f64>load<f32>(dy)) / (<f64>size * channels)), SHARE);
  useScratch(job, groups, size, channels, scratch);
  runJob(control, tasks);
  // d logit_k / d log v = d_k^2 / 2v - channels / 2, and the a_k sum to -dy / channels
  if (dLogVariance) store<f32>(dLogVariance, <f32>((sumParts(scratch, tasks) + load<f32>(dy)) / 2));
}

export function pixelCostGradientTask(job: usize, task: u32): void {
  if (load<u32>(job, BITFLIP)) costGradientTask<i32>(job, task);
  else costGradientTask<f32>(job, task);
}

function costGradientTask<N>(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS), channels = load<u32>(job, CHANNELS);
  const stride = <usize>load<u32>(job, SIZE) << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from * channels, z = load<usize>(job, Z) + from * channels;
  const result = load<usize>(job, RESULT) + from * channels;
  const logM = load<usize>(job, M) + from, ofM = load<usize>(job, OF_M) + from;
  let part = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const at = o * channels;
    share<N>(x + at, z + at, logM + o, ofM + o, stride * channels, stride, channels, groups, n, job);
    let k = o;
    for (let left = groups; left > 0; left--) {
      const a = f32x4.mul(loadUpTo(ofM + k, n), v128.load32_splat(job + SHARE));
      storeUpTo(ofM + k, a, n);
      part = addDoubles(part, spread<N>(x + at, z + k * channels, result + k * channels, channels, a, n, job));
      k += stride;
    }
  }
  storePart(load<usize>(job, PARTS), task, part);
}

/**
 * Gaussian noise: d m phi, with phi the product of Normal(d; 0, s) over channels. `minusLogFactor` is channels / 2 log(2 pi s): the
 * factor itself may exceed float32 where phi does not.
 */
export function pixelAlgorithmError(
  control: usize, groups: u32, size: u32, channels: u32, variance: f64, minusLogFactor: f32, x: usize, z: usize, m: usize, error: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, PIXEL_ALGORITHM_ERROR, groups, size, channels, variance, x, z, m, error);
  store<f32>(job, minusLogFactor, SHARE);
  runJob(control, tasks);
}

export function pixelAlgorithmErrorTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS), channels = load<u32>(job, CHANNELS);
  const stride = <usize>load<u32>(job, SIZE) << 2, valueStride = <usize>channels << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from * channels, z = load<usize>(job, Z) + from * channels;
  const m = load<usize>(job, M) + from, result = load<usize>(job, RESULT) + from * channels;
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    const at = o * channels;
    let k = o;
    for (let left = groups; left > 0; left--) {
      const distance = f32x4.neg(logLikelihood<f32>(x + at, z + k * channels, channels, n, job));
      const phi = expOfMinus4(f32x4.add(distance, v128.load32_splat(job + SHARE)), job);
      writeResiduals(x + at, z + k * channels, result + k * channels, valueStride, f32x4.mul(loadUpTo(m + k, n), phi), n);
      k += stride;
    }
  }
}

/** Writes d times a weight for each channel of pixels. */
@inline
function writeResiduals(x: usize, z: usize, to: usize, stride: usize, weight: v128, n: u32): void {
  for (let c: usize = 0; c < stride; c += 4) {
    const d = f32x4.sub(loadChannel(x + c, stride, n), loadChannel(z + c, stride, n));
    storeChannel(to + c, stride, f32x4.mul(d, weight), n);
  }
}

/** With G the sum of g d over channels: m phi (G d / s - g) for z, G phi for m. `learned` is v. */
export function pixelAlgorithmErrorGradient(
  control: usize, groups: u32, size: u32, channels: u32, variance: f64, minusLogFactor: f32, learned: f64, dy: usize, x: usize, z: usize,
  m: usize, dz: usize, dm: usize, scratch: usize, dLogVariance: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, PIXEL_ALGORITHM_ERROR_GRADIENT, groups, size, channels, variance, x, z, m, dz);
  store<f32>(job, minusLogFactor, SHARE);
  store<usize>(job, dy, DY);
  store<usize>(job, dm, OF_M);
  useScratch(job, groups, size, channels, scratch);
  runJob(control, tasks);
  store<f32>(dLogVariance, <f32>((sumParts(scratch, tasks) * learned) / (2 * variance)));
}

export function pixelAlgorithmErrorGradientTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS), channels = load<u32>(job, CHANNELS);
  const stride = <usize>load<u32>(job, SIZE) << 2, valueStride = <usize>channels << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from * channels, z = load<usize>(job, Z) + from * channels;
  const dy = load<usize>(job, DY) + from * channels, result = load<usize>(job, RESULT) + from * channels;
  const m = load<usize>(job, M) + from, ofM = load<usize>(job, OF_M) + from;
  const precision = v128.load32_splat(job + PRECISION), half = f32x4.splat(0.5);
  const dimensions = f32x4.splat(<f32>channels);
  let part = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    let k = o;
    for (let left = groups; left > 0; left--) {
      const xs = x + o * channels, zs = z + k * channels, dys = dy + k * channels;
      let gd = f32x4.splat(0), distance = gd;
      for (let c: usize = 0; c < valueStride; c += 4) {
        const d = f32x4.sub(loadChannel(xs + c, valueStride, n), loadChannel(zs + c, valueStride, n));
        gd = multiplyAdd(loadChannel(dys + c, valueStride, n), d, gd);
        distance = multiplyAdd(d, d, distance);
      }
      distance = f32x4.mul(distance, precision);
      const phi = expOfMinus4(multiplyAdd(distance, half, v128.load32_splat(job + SHARE)), job);
      const weight = f32x4.mul(loadUpTo(m + k, n), phi);
      storeUpTo(ofM + k, f32x4.mul(gd, phi), n);
      const pull = f32x4.mul(gd, precision);
      for (let c: usize = 0; c < valueStride; c += 4) {
        const d = f32x4.sub(loadChannel(xs + c, valueStride, n), loadChannel(zs + c, valueStride, n));
        const ofZ = f32x4.mul(weight, f32x4.sub(f32x4.mul(pull, d), loadChannel(dys + c, valueStride, n)));
        storeChannel(result + k * channels + c, valueStride, ofZ, n);
      }
      // Lanes beyond the pixels have m = 0.
      part = addDoubles(part, f32x4.mul(f32x4.mul(weight, gd), f32x4.sub(distance, dimensions)));
      k += stride;
    }
  }
  storePart(load<usize>(job, PARTS), task, part);
}

/** Gaussian noise: d m. */
export function pixelResidualError(
  control: usize, groups: u32, size: u32, channels: u32, x: usize, z: usize, m: usize, error: usize,
): void {
  const job = control + JOB;
  runJob(control, prepare(job, PIXEL_RESIDUAL_ERROR, groups, size, channels, 1, x, z, m, error));
}

export function pixelResidualErrorTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS), channels = load<u32>(job, CHANNELS);
  const stride = <usize>load<u32>(job, SIZE) << 2, valueStride = <usize>channels << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from * channels, z = load<usize>(job, Z) + from * channels;
  const m = load<usize>(job, M) + from, result = load<usize>(job, RESULT) + from * channels;
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    let k = o;
    for (let left = groups; left > 0; left--) {
      const at = k * channels;
      writeResiduals(x + o * channels, z + at, result + at, valueStride, loadUpTo(m + k, n), n);
      k += stride;
    }
  }
}

/** -g m for z; for m, the sum of g d over channels. */
export function pixelResidualErrorGradient(
  control: usize, groups: u32, size: u32, channels: u32, dy: usize, x: usize, z: usize, m: usize, dz: usize, dm: usize,
): void {
  const job = control + JOB;
  const tasks = prepare(job, PIXEL_RESIDUAL_ERROR_GRADIENT, groups, size, channels, 1, x, z, m, dz);
  store<usize>(job, dy, DY);
  store<usize>(job, dm, OF_M);
  runJob(control, tasks);
}

export function pixelResidualErrorGradientTask(job: usize, task: u32): void {
  const groups = load<u32>(job, GROUPS), channels = load<u32>(job, CHANNELS);
  const stride = <usize>load<u32>(job, SIZE) << 2, valueStride = <usize>channels << 2;
  const from = firstOf(job, task), bytes = bytesOf(job, task);
  const x = load<usize>(job, X) + from * channels, z = load<usize>(job, Z) + from * channels;
  const dy = load<usize>(job, DY) + from * channels, result = load<usize>(job, RESULT) + from * channels;
  const m = load<usize>(job, M) + from, ofM = load<usize>(job, OF_M) + from;
  for (let o: usize = 0; o < bytes; o += 16) {
    const n = <u32>min<usize>(4, (bytes - o) >> 2);
    let k = o;
    for (let left = groups; left > 0; left--) {
      const weight = f32x4.neg(loadUpTo(m + k, n));
      let gd = f32x4.splat(0);
      for (let c: usize = 0; c < valueStride; c += 4) {
        const at = k * channels + c;
        const g = loadChannel(dy + at, valueStride, n);
        const d = f32x4.sub(loadChannel(x + o * channels + c, valueStride, n), loadChannel(z + at, valueStride, n));
        storeChannel(result + at, valueStride, f32x4.mul(g, weight), n);
        gd = multiplyAdd(g, d, gd);
      }
      storeUpTo(ofM + k, gd, n);
      k += stride;
    }
  }
}
