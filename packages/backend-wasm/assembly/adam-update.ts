// One step of Adam for a list of tensors, in one pass over memory: scales the gradient, and updates the parameter, the mean
// gradient, the mean squared gradient and, if there is one, the exponential moving average of the parameter.
//
//     g = scale gradient
//     m' = beta1 m + (1 - beta1) g,   v' = beta2 v + (1 - beta2) g^2,   p' = p - rate m' / (sqrt(v') correction + epsilon)
//     a' = decay a + (1 - decay) p'

import { loadUpTo, storeUpTo } from "./lanes";
import { JOB, ADAM_UPDATE } from "./job";
import { runJob } from "./pool";
import { elementsPerListTask, numberTasks, recordOf } from "./tensor-list";
import { multiplyAdd } from "./vector";

const LIST: usize = 4;
const COUNT: usize = 8;
const TASK_SIZE: usize = 12;
const BETA_1: usize = 16;
const ONE_MINUS_BETA_1: usize = 20;
const BETA_2: usize = 24;
const ONE_MINUS_BETA_2: usize = 28;
const CORRECTION: usize = 32; // 1 / sqrt(1 - beta2^t)
const EPSILON: usize = 36;
const MINUS_RATE: usize = 40; // -learningRate / (1 - beta1^t)
const SCALE: usize = 44;
const DECAY: usize = 48;
const ONE_MINUS_DECAY: usize = 52;

// A record: first task, size, and these offsets.
const RECORD: usize = 44;
const SIZE: usize = 4;
const PARAMETER: usize = 8;
const GRADIENT: usize = 12;
const M: usize = 16;
const V: usize = 20;
const AVERAGE: usize = 24; // 0 if there is none
const NEW_PARAMETER: usize = 28;
const NEW_M: usize = 32;
const NEW_V: usize = 36;
const NEW_AVERAGE: usize = 40;

/**
 * One step of Adam for `count` tensors of `total` elements; `list` has a record for each. `scale` is the offset of the
 * gradients' factor, 0 for 1. It can run in place.
 */
export function adamUpdate(
  control: usize, list: usize, count: u32, total: u32, scale: usize, decay: f64,
  beta1: f64, beta2: f64, correction: f64, epsilon: f64, rate: f64,
): void {
  const job = control + JOB;
  const each = elementsPerListTask(total);
  const tasks = numberTasks(list, count, RECORD, each);
  store<u32>(job, ADAM_UPDATE);
  store<usize>(job, list, LIST);
  store<u32>(job, count, COUNT);
  store<u32>(job, each, TASK_SIZE);
  store<f32>(job, <f32>beta1, BETA_1);
  store<f32>(job, <f32>(1 - beta1), ONE_MINUS_BETA_1);
  store<f32>(job, <f32>beta2, BETA_2);
  store<f32>(job, <f32>(1 - beta2), ONE_MINUS_BETA_2);
  store<f32>(job, <f32>correction, CORRECTION);
  store<f32>(job, <f32>epsilon, EPSILON);
  store<f32>(job, <f32>(-rate), MINUS_RATE);
  store<f32>(job, scale ? load<f32>(scale) : 1, SCALE);
  store<f32>(job, <f32>decay, DECAY);
  store<f32>(job, <f32>(1 - decay), ONE_MINUS_DECAY);
  runJob(control, tasks);
}

export function adamUpdateTask(job: usize, task: u32): void {
  const record = recordOf(load<usize>(job, LIST), load<u32>(job, COUNT), RECORD, task);
  const each = load<u32>(job, TASK_SIZE);
  const first = (task - load<u32>(record)) * each;
  const bytes = <usize>min(each, load<u32>(record, SIZE) - first) << 2;
  const from = <usize>first << 2;
  const whole = bytes & ~15;
  for (let o: usize = 0; o < whole; o += 16) updatePart(job, record, from + o, 4);
  const rest = <u32>(bytes - whole) >> 2;
  if (rest) updatePart(job, record, from + whole, rest);
}

@inline
function updatePart(job: usize, record: usize, at: usize, n: u32): void {
  const g = f32x4.mul(loadUpTo(load<usize>(record, GRADIENT) + at, n), v128.load32_splat(job + SCALE));
  const mean = newMean(g, loadUpTo(load<usize>(record, M) + at, n), job);
  const square = newSquare(g, loadUpTo(load<usize>(record, V) + at, n), job);
  const value = newValue(loadUpTo(load<usize>(record, PARAMETER) + at, n), mean, square, job);
  storeUpTo(load<usize>(record, NEW_M) + at, mean, n);
  storeUpTo(load<usize>(record, NEW_V) + at, square, n);
  storeUpTo(load<usize>(record, NEW_PARAMETER) + at, value, n);
  const average = load<usize>(record, AVERAGE);
  if (average) {
    const share = f32x4.mul(value, v128.load32_splat(job + ONE_MINUS_DECAY));
    const updated = multiplyAdd(loadUpTo(average + at, n), v128.load32_splat(job + DECAY), share);
    storeUpTo(load<usize>(record, NEW_AVERAGE) + at, updated, n);
  }
}

@inline
function newMean(g: v128, m: v128, job: usize): v128 {
  return multiplyAdd(v128.load32_splat(job + BETA_1), m, f32x4.mul(v128.load32_splat(job + ONE_MINUS_BETA_1), g));
}

@inline
function newSquare(g: v128, v: v128, job: usize): v128 {
  const square = f32x4.mul(f32x4.mul(g, g), v128.load32_splat(job + ONE_MINUS_BETA_2));
  return multiplyAdd(v128.load32_splat(job + BETA_2), v, square);
}

@inline
function newValue(parameter: v128, mean: v128, square: v128, job: usize): v128 {
  const root = multiplyAdd(f32x4.sqrt(square), v128.load32_splat(job + CORRECTION), v128.load32_splat(job + EPSILON));
  return multiplyAdd(f32x4.div(mean, root), v128.load32_splat(job + MINUS_RATE), parameter);
}
