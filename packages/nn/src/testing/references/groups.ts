/** Sums over groups: element i of [B, N] is the sum over k of element k B N + i of [K, B, N]. */
export function sumOverGroups(values: Float64Array, elements: number): Float64Array {
  const sums = new Float64Array(elements);
  for (let i = 0; i < values.length; i++) sums[i % elements]! += values[i]!;
  return sums;
}

/** Sums over the channels of each pixel, which are next to each other: [.., P*C] to [.., P]. */
export function sumOverChannels(values: Float64Array, channels: number): Float64Array {
  const sums = new Float64Array(values.length / channels);
  for (let i = 0; i < values.length; i++) sums[Math.floor(i / channels)]! += values[i]!;
  return sums;
}

/** The shape of a tensor per pixel, given the one per value. */
export const ofPixels = (shape: readonly number[], channels: number): number[] => [
  ...shape.slice(0, -1),
  shape.at(-1)! / channels,
];

/** Softmax over groups of [K, B, N], shifted by the largest, to avoid needless underflow and overflow. */
export function softmaxOverGroups(logits: Float64Array, elements: number): Float64Array {
  const largest = new Float64Array(elements).fill(-Infinity);
  for (let i = 0; i < logits.length; i++) largest[i % elements] = Math.max(largest[i % elements]!, logits[i]!);
  const weights = logits.map((logit, i) => Math.exp(logit - largest[i % elements]!));
  const sums = sumOverGroups(weights, elements);
  return weights.map((weight, i) => weight / sums[i % elements]!);
}
