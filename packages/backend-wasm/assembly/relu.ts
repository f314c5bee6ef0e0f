// The rectifier and its gradient. NaN passes through.

/** max(0, x): NaN stays NaN. */
@inline
export function relu4(x: v128): v128 {
  // Operand order matters: returns x if x is NaN.
  return f32x4.pmax(x, f32x4.splat(0));
}

/** The gradient: dy if the rectifier's output y is positive, else 0; NaN if either is NaN. */
@inline
export function reluGradient4(dy: v128, y: v128): v128 {
  const zero = f32x4.splat(0);
  const dx = v128.bitselect(dy, f32x4.mul(dy, zero), f32x4.gt(y, zero));
  return v128.or(dx, f32x4.ne(y, y)); // all bits set is a NaN
}
