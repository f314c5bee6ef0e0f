// The rectifier, which NaN passes, forward and backward.

/** max(0, x): NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function relu4(x: v128): v128 {
  // The operands as they stand: x where x is NaN.
  return f32x4.pmax(x, f32x4.splat(0));
}

/** The gradient dy where the rectifier's output y is above zero, else 0; NaN where either is NaN. */
// @ts-ignore: decorator
@inline
export function reluGradient4(dy: v128, y: v128): v128 {
  const zero = f32x4.splat(0);
  const dx = v128.bitselect(dy, f32x4.mul(dy, zero), f32x4.gt(y, zero));
  return v128.or(dx, f32x4.ne(y, y)); // all bits set are a NaN
}
