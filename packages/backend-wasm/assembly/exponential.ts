// Exponential, logistic function and logarithm of four float32 values at once.
//
// Constants are loaded from a table in the job's arguments and splatted to all lanes. As literals in a loop, they would be
// rebuilt at every use.

import { multiplyAdd } from "./vector";

/** Offset of the table in the arguments of a job. */
const TABLE: usize = 128;

const MINUS_LOG2_E: usize = TABLE;
const MAGIC: usize = TABLE + 4;
const LN2_HIGH: usize = TABLE + 8;
const LN2_LOW: usize = TABLE + 12;
const E5: usize = TABLE + 16;
const E4: usize = TABLE + 20;
const E3: usize = TABLE + 24;
const E2: usize = TABLE + 28;
const E1: usize = TABLE + 32;
const ONE: usize = TABLE + 36;
const SMALLEST: usize = TABLE + 40;
const LARGEST: usize = TABLE + 44;
const L_FIRST: usize = TABLE + 48; // nine coefficients of the logarithm, highest first
const MANTISSA: usize = TABLE + 84;
const ROOT_HALF: usize = TABLE + 88;
const HALF: usize = TABLE + 92;
const LN2_FLOAT_HIGH: usize = TABLE + 96;
const LN2_FLOAT_LOW: usize = TABLE + 100;

/** Writes the table to the arguments of a job. Required before tasks call the functions below. */
export function prepareExponential(job: usize): void {
  store<f32>(job, -1.44269504088896341, MINUS_LOG2_E);
  store<f32>(job, 12582912, MAGIC); // 1.5 * 2^23: adding it rounds to an integer, which ends up in the lowest bits
  store<f32>(job, 0.693145751953125, LN2_HIGH); // few bits, so that its integer multiples are exact
  store<f32>(job, 1.42860677e-6, LN2_LOW);
  // exp(-r) for |r| <= ln(2) / 2, minimax (Sollya; the coefficients of XNNPACK's rr2-p5 variant, BSD-3-Clause).
  store<f32>(job, -0.00828929059, E5);
  store<f32>(job, 0.0418978221, E4);
  store<f32>(job, -0.166676521, E3);
  store<f32>(job, 0.499991506, E2);
  store<f32>(job, -0.999999702, E1);
  store<f32>(job, 1, ONE);
  store<f32>(job, -87, SMALLEST);
  store<f32>(job, 87, LARGEST);
  // log(1 + f), the polynomial of Cephes' logf (Moshier, public domain).
  store<f32>(job, 7.0376836292e-2, L_FIRST);
  store<f32>(job, -1.1514610310e-1, L_FIRST + 4);
  store<f32>(job, 1.1676998740e-1, L_FIRST + 8);
  store<f32>(job, -1.2420140846e-1, L_FIRST + 12);
  store<f32>(job, 1.4249322787e-1, L_FIRST + 16);
  store<f32>(job, -1.6668057665e-1, L_FIRST + 20);
  store<f32>(job, 2.0000714765e-1, L_FIRST + 24);
  store<f32>(job, -2.4999993993e-1, L_FIRST + 28);
  store<f32>(job, 3.3333331174e-1, L_FIRST + 32);
  store<u32>(job, 0x007fffff, MANTISSA);
  store<f32>(job, 0.707106781186547524, ROOT_HALF);
  store<f32>(job, 0.5, HALF);
  store<f32>(job, 0.693359375, LN2_FLOAT_HIGH);
  store<f32>(job, -2.12194440e-4, LN2_FLOAT_LOW);
}

@inline
function constant(job: usize, offset: usize): v128 {
  return v128.load32_splat(job + offset);
}

/** exp(-x), with x clamped to [-87, 87]; NaN for NaN. Relative error below 1.5e-7. */
@inline
function expOfNegative(x: v128, job: usize): v128 {
  // Operand order matters: pmax(x, a) and pmin(x, a) return x if x is NaN.
  x = f32x4.pmin(f32x4.pmax(x, constant(job, SMALLEST)), constant(job, LARGEST));
  const magic = constant(job, MAGIC);
  const t = multiplyAdd(x, constant(job, MINUS_LOG2_E), magic);
  const n = f32x4.sub(t, magic);
  // r = x + n ln 2, so the exponential is 2^n exp(-r).
  const r = multiplyAdd(n, constant(job, LN2_LOW), multiplyAdd(n, constant(job, LN2_HIGH), x));
  const power = i32x4.add(i32x4.shl(t, 23), constant(job, ONE)); // 2^n: n added to the exponent of 1
  let p = multiplyAdd(r, constant(job, E5), constant(job, E4));
  p = multiplyAdd(p, r, constant(job, E3));
  p = multiplyAdd(p, r, constant(job, E2));
  p = multiplyAdd(p, r, constant(job, E1));
  return multiplyAdd(p, f32x4.mul(r, power), power);
}

/** 1 / (1 + exp(-x)). Relative error below 2.5e-7 if x > -87; for smaller x, the result is less than 2e-38. */
@inline
export function sigmoid4(x: v128, job: usize): v128 {
  const one = constant(job, ONE);
  return f32x4.div(one, f32x4.add(one, expOfNegative(x, job)));
}

/** exp(-x) for x >= -87; zero if x > 87; NaN for NaN. Relative error below 1.5e-7. */
@inline
export function expOfMinus4(x: v128, job: usize): v128 {
  return v128.andnot(expOfNegative(x, job), f32x4.gt(x, constant(job, LARGEST)));
}

/** log(x) for positive, normal, finite x, to within 1.5e-7, relative or absolute; NaN for all others. */
@inline
export function log4(x: v128, job: usize): v128 {
  const one = constant(job, ONE);
  const half = constant(job, HALF);
  const mantissa = constant(job, MANTISSA);
  // x = 2^e f with f in [1/2, 1). If f < sqrt(1/2), use 2 f and e - 1.
  let f = v128.or(v128.and(x, mantissa), half);
  const small = f32x4.lt(f, constant(job, ROOT_HALF));
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126)));
  e = f32x4.sub(e, v128.and(small, one));
  f = f32x4.add(f32x4.sub(f, one), v128.and(small, f));
  const square = f32x4.mul(f, f);
  let p = constant(job, L_FIRST);
  p = multiplyAdd(p, f, constant(job, L_FIRST + 4));
  p = multiplyAdd(p, f, constant(job, L_FIRST + 8));
  p = multiplyAdd(p, f, constant(job, L_FIRST + 12));
  p = multiplyAdd(p, f, constant(job, L_FIRST + 16));
  p = multiplyAdd(p, f, constant(job, L_FIRST + 20));
  p = multiplyAdd(p, f, constant(job, L_FIRST + 24));
  p = multiplyAdd(p, f, constant(job, L_FIRST + 28));
  p = multiplyAdd(p, f, constant(job, L_FIRST + 32));
  let y = f32x4.mul(f32x4.mul(p, f), square);
  y = multiplyAdd(e, constant(job, LN2_FLOAT_LOW), y);
  y = f32x4.sub(y, f32x4.mul(half, square));
  y = multiplyAdd(e, constant(job, LN2_FLOAT_HIGH), f32x4.add(f, y));
  // x - x is zero, or NaN if x is NaN or infinite. All bits set is also a NaN.
  y = f32x4.add(y, f32x4.sub(x, x));
  return v128.or(y, v128.not(f32x4.gt(x, f32x4.splat(0))));
}
