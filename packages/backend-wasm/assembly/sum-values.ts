// Sums of all values: each task sums its part in float64, and the parts are summed in order.

/** Adds four float32 values to a float64 sum. */
@inline
export function addDoubles(sum: v128, value: v128): v128 {
  const low = f64x2.promote_low_f32x4(value);
  const high = f64x2.promote_low_f32x4(v128.shuffle<u32>(value, value, 2, 3, 0, 1));
  return f64x2.add(sum, f64x2.add(low, high));
}

/** The sum of both float64 values. */
@inline
export function sumDoubles(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Stores a task's partial sum, a float64. */
@inline
export function storePart(parts: usize, task: u32, sum: v128): void {
  store<f64>(parts + (<usize>task << 3), sumDoubles(sum));
}

/** The sum of the partial sums of all tasks. */
export function sumParts(parts: usize, tasks: u32): f64 {
  let sum: f64 = 0;
  for (let task: u32 = 0; task < tasks; task++) sum += load<f64>(parts + (<usize>task << 3));
  return sum;
}

/** The sum of `count` contiguous float32 values. */
export function sumVector(at: usize, count: u32): f32 {
  let sum: f64 = 0;
  for (let i: u32 = 0; i < count; i++) sum += load<f32>(at + (<usize>i << 2));
  return <f32>sum;
}
