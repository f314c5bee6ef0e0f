/**
 * Replaces NaN in a list by NaN with a set sign bit: the NaN of 0/0 on most machines, which some fast arithmetic drops
 * although it keeps the positive one.
 */
export function withNegativeNaN(values: readonly number[]): Float32Array {
  const floats = Float32Array.from(values);
  const bits = new Uint32Array(floats.buffer);
  values.forEach((value, i) => {
    if (Number.isNaN(value)) bits[i] = 0xffc00000;
  });
  return floats;
}
