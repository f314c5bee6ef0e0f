// One Adam step: updates the parameter, the mean gradient and the mean squared gradient in one pass.
//
//     m' = beta1 m + (1 - beta1) g,   v' = beta2 v + (1 - beta2) g^2,   p' = p - rate m' / (sqrt(v') correction + epsilon)

import { loadFirst, storeFirst } from "./lanes";
import { elementsPerTask, tasksOf } from "./partition";
import { JOB, ADAM_UPDATE } from "./job";
import { runJob } from "./pool";
import { load4, multiplyAdd, store4 } from "./vector";

const SIZE: usize = 4;
const TASK_SIZE: usize = 8;
const PARAMETER: usize = 12;
const GRADIENT: usize = 16;
const M: usize = 20;
const V: usize = 24;
const NEW_PARAMETER: usize = 28;
const NEW_M: usize = 32;
const NEW_V: usize = 36;
const BETA_1: usize = 40;
const ONE_MINUS_BETA_1: usize = 44;
const BETA_2: usize = 48;
const ONE_MINUS_BETA_2: usize = 52;
const CORRECTION: usize = 56; // 1 / sqrt(1 - beta2^t)
const EPSILON: usize = 60;
const MINUS_RATE: usize = 64; // -learningRate / (1 - beta1^t)

/** One Adam step over `size` values. It can run in place. */
export function adamUpdate(
  control: usize, size: u32, parameter: usize, gradient: usize, m: usize, v: usize,
  newParameter: usize, newM: usize, newV: usize,
  beta1: f64, beta2: f64, correction: f64, epsilon: f64, rate: f64,
): void {
  const job = control + JOB;
  const each = elementsPerTask(size, 1);
  store<u32>(job, ADAM_UPDATE);
  store<u32>(job, size, SIZE);
  store<u32>(job, each, TASK_SIZE);
  store<usize>(job, parameter, PARAMETER);
  store<usize>(job, gradient, GRADIENT);
  store<usize>(job, m, M);
  store<usize>(job, v, V);
  store<usize>(job, newParameter, NEW_PARAMETER);
  store<usize>(job, newM, NEW_M);
  store<usize>(job, newV, NEW_V);
  store<f32>(job, <f32>beta1, BETA_1);
  store<f32>(job, <f32>(1 - beta1), ONE_MINUS_BETA_1);
  store<f32>(job, <f32>beta2, BETA_2);
  store<f32>(job, <f32>(1 - beta2), ONE_MINUS_BETA_2);
  store<f32>(job, <f32>correction, CORRECTION);
  store<f32>(job, <f32>epsilon, EPSILON);
  store<f32>(job, <f32>(-rate), MINUS_RATE);
  runJob(control, tasksOf(size, each));
}

export function adamUpdateTask(job: usize, task: u32): void {
  const first = task * load<u32>(job, TASK_SIZE);
  const size = min(load<u32>(job, TASK_SIZE), load<u32>(job, SIZE) - first);
  const from = <usize>first << 2;
  const whole = (<usize>size << 2) & ~15;
  const rest = size & 3;
  const parameter = load<usize>(job, PARAMETER) + from;
  const gradient = load<usize>(job, GRADIENT) + from;
  const m = load<usize>(job, M) + from;
  const v = load<usize>(job, V) + from;
  const newParameter = load<usize>(job, NEW_PARAMETER) + from;
  const newM = load<usize>(job, NEW_M) + from;
  const newV = load<usize>(job, NEW_V) + from;
  for (let o: usize = 0; o < whole; o += 16) {
    const g = load4(gradient + o);
    const mean = newMean(g, load4(m + o), job);
    const square = newSquare(g, load4(v + o), job);
    const value = newValue(load4(parameter + o), mean, square, job);
    store4(newM + o, mean);
    store4(newV + o, square);
    store4(newParameter + o, value);
  }
  if (rest) {
    const g = loadFirst(gradient + whole, rest);
    const mean = newMean(g, loadFirst(m + whole, rest), job);
    const square = newSquare(g, loadFirst(v + whole, rest), job);
    const value = newValue(loadFirst(parameter + whole, rest), mean, square, job);
    storeFirst(newM + whole, mean, rest);
    storeFirst(newV + whole, square, rest);
    storeFirst(newParameter + whole, value, rest);
  }
}

// @ts-ignore: decorator
@inline
function newMean(g: v128, m: v128, job: usize): v128 {
  return multiplyAdd(v128.load32_splat(job + BETA_1), m, f32x4.mul(v128.load32_splat(job + ONE_MINUS_BETA_1), g));
}

// @ts-ignore: decorator
@inline
function newSquare(g: v128, v: v128, job: usize): v128 {
  const square = f32x4.mul(f32x4.mul(g, g), v128.load32_splat(job + ONE_MINUS_BETA_2));
  return multiplyAdd(v128.load32_splat(job + BETA_2), v, square);
}

// @ts-ignore: decorator
@inline
function newValue(parameter: v128, mean: v128, square: v128, job: usize): v128 {
  const root = multiplyAdd(f32x4.sqrt(square), v128.load32_splat(job + CORRECTION), v128.load32_splat(job + EPSILON));
  return multiplyAdd(f32x4.div(mean, root), v128.load32_splat(job + MINUS_RATE), parameter);
}
