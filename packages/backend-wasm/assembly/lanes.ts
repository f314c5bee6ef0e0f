// Loads and stores for the last, partial vector of a row or an array, which has only one to three float32 values.

import { load4, store4 } from "./vector";

/** Loads the first `count` (1 to 3) float32 values, followed by zeros. */
@inline
export function loadFirst(at: usize, count: u32): v128 {
  if (count == 1) return v128.load32_zero(at);
  const two = v128.load64_zero(at);
  return count == 2 ? two : v128.load32_lane(at + 8, two, 2);
}

/** Stores the first `count` (1 to 3) float32 values. */
@inline
export function storeFirst(at: usize, value: v128, count: u32): void {
  if (count == 1) {
    v128.store32_lane(at, value, 0);
  } else {
    v128.store64_lane(at, value, 0);
    if (count == 3) v128.store32_lane(at + 8, value, 2);
  }
}

/** `value` with zeros after the first `count` (1 to 3) float32 values. */
@inline
export function keepFirst(value: v128, count: u32): v128 {
  return v128.and(value, i32x4.lt_u(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}

/** The sum of four float32 values. */
@inline
export function sumLanes(value: v128): f32 {
  return (
    (f32x4.extract_lane(value, 0) + f32x4.extract_lane(value, 1)) +
    (f32x4.extract_lane(value, 2) + f32x4.extract_lane(value, 3))
  );
}

/** Loads the first `count` (1 to 4) float32 values, followed by zeros. */
@inline
export function loadUpTo(at: usize, count: u32): v128 {
  return count == 4 ? load4(at) : loadFirst(at, count);
}

/** Stores the first `count` (1 to 4) float32 values. */
@inline
export function storeUpTo(at: usize, value: v128, count: u32): void {
  if (count == 4) store4(at, value);
  else storeFirst(at, value, count);
}
