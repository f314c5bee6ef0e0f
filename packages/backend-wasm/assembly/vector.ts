// Vectors of four float32 values.

@inline
export function load4(at: usize): v128 {
  return v128.load(at);
}

@inline
export function store4(at: usize, value: v128): void {
  v128.store(at, value);
}

/** `a b + c`: rounded once if the build has relaxed SIMD and the processor supports it, else twice. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** Copies float32 values. For a few vectors, it is faster than calling `memory.copy`. */
export function copyFloats(to: usize, from: usize, bytes: usize): void {
  const whole = bytes & ~15;
  for (let o: usize = 0; o < whole; o += 16) store4(to + o, load4(from + o));
  for (let o = whole; o < bytes; o += 4) store<f32>(to + o, load<f32>(from + o));
}
