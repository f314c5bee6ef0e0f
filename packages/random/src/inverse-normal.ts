/*
 * Every operation here is one that IEEE 754 rounds correctly (+, -, x, /, square root), in a fixed order, so the result
 * is the same bits in every engine. Math.log, Math.cos and the like are not, and a fused multiply-add would not be.
 */

const LN2 = 0.6931471805599453;
const SQRT2 = 1.4142135623730951;

/** The largest word with p - 1/2 <= 0.425. */
const CENTRAL = 1825361100;

/** 2^(zeros - 31): what scales a number with so many leading zeros to [1, 2). */
const SCALE = /* @__PURE__ */ Float64Array.from({ length: 33 }, (_, zeros) => 2 ** (zeros - 31));

/**
 * -log p for p = (word + 1/2) / 2^32, word < 2^31, from the bits of the word: p = m 2^-(zeros + 1) with m in [1, 2), and
 *
 *     log m = log sqrt(2) + 2 artanh(s),   s = (m - sqrt(2)) / (m + sqrt(2)),   |s| < 0.172
 *
 * with six terms of the series of artanh: an absolute error below 2e-11, a hundred times smaller than what matters.
 */
export function negativeLog(word: number): number {
  const zeros = Math.clz32(word);
  const m = (word + 0.5) * (SCALE[zeros] as number);
  const s = (m - SQRT2) / (m + SQRT2);
  const t = s * s;
  return (zeros + 0.5) * LN2 - 2 * s * (1 + t * (1 / 3 + t * (1 / 5 + t * (1 / 7 + t * (1 / 9 + t * (1 / 11))))));
}

/**
 * The normal number of each word: z = mean + standardDeviation * Phi^-1(p), p = 1/2 + (word + 1/2) / 2^32, computed in
 * float64 and rounded once to float32. |Phi^-1(p)| <= 6.34; its relative error is below 3e-7 (float32 itself: 6e-8).
 *
 * Source: Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37 (1988),
 * PPND7. Its third range (p < e^-25) is never reached by 32-bit words.
 *
 * Two passes, because a branch on random numbers is mispredicted: the central formula for all, then the 15 % of the
 * words in the tails again.
 *
 * @param words [count], random words, signed
 * @param out [count], overwritten
 * @param tails [count], scratch
 */
export function inverseNormal(
  words: Int32Array,
  out: Float32Array,
  tails: Int32Array,
  mean: number,
  standardDeviation: number,
): void {
  let count = 0;
  for (let i = 0; i < out.length; i++) {
    const word = words[i] as number;
    const q = (word + 0.5) * 2 ** -32; // p - 1/2, exact
    const r = 0.180625 - q * q;
    const z =
      (q * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)) /
      (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1);
    out[i] = mean + standardDeviation * z;
    tails[count] = i;
    count += (CENTRAL - (word ^ (word >> 31))) >>> 31; // 1 in a tail, else 0
  }
  for (let j = 0; j < count; j++) {
    const i = tails[j] as number;
    const word = words[i] as number;
    const sign = word >> 31; // -1 or 0; word ^ sign is the word of the same distance from 1/2 above it
    const r = Math.sqrt(negativeLog(word ^ sign ^ 0x7fffffff)) - 1.6;
    const z =
      (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777) /
      ((0.12021132975 * r + 0.7370016425) * r + 1);
    out[i] = mean + standardDeviation * (z * (1 + 2 * sign));
  }
}
