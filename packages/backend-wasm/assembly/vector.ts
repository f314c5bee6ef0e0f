// Vectors of four float32.

// @ts-ignore: decorator
@inline
export function load4(at: usize): v128 {
  return v128.load(at);
}

// @ts-ignore: decorator
@inline
export function store4(at: usize, value: v128): void {
  v128.store(at, value);
}

/** `a b + c`: rounded once where the processor can and the build has relaxed SIMD, twice elsewhere. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}
