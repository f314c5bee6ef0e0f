/**
 * A stream of random numbers: a key. A key and a position give a number, so nothing is ever "used up": the same call
 * returns the same numbers, and a run resumes at any position. For new numbers take another position (`from`) or another
 * stream ({@link Random.fork}). The kinds of numbers are independent of each other: `uniform` and `normal` at the same
 * position have nothing in common.
 *
 * Every method throws a {@link RandomError} `INVALID_OPTION` for an argument out of its range. `count` is an integer in
 * [0, 2^32], `from` an integer of at least 0 with `from + count` below 2^53.
 */
export interface Random {
  /**
   * An independent stream for each path of labels: `random.fork('noise', step)`, which is
   * `random.fork('noise').fork(step)`. Pure. Labels are finite numbers or strings, at least one; 1 and '1' differ.
   */
  fork(...labels: readonly (string | number)[]): Random;
  /** Uniform numbers in [0, 1), multiples of 2^-24. `from`: the position of the first, by default 0. */
  uniform(count: number, options?: { readonly from?: number }): Float32Array;
  /**
   * Normal numbers, computed in float64 and rounded to float32; at most 6.34 standard deviations from the mean.
   * `mean`: finite, by default 0. `standardDeviation`: finite, at least 0, by default 1. `from`: the position of the
   * first, by default 0.
   */
  normal(
    count: number,
    options?: { readonly from?: number; readonly mean?: number; readonly standardDeviation?: number },
  ): Float32Array;
  /**
   * Zeros and ones; each is one with the probability given, in [0, 1] (to 2^-32). At the same position and key, a one at
   * some probability is a one at every higher probability. `from`: the position of the first, by default 0.
   */
  bernoulli(count: number, options: { readonly probability: number; readonly from?: number }): Float32Array;
  /** Integers in [0, bound), without modulo bias. `bound`: in [1, 2^32]. `from`: the position of the first, by default 0. */
  integers(count: number, options: { readonly bound: number; readonly from?: number }): Uint32Array;
  /** A uniformly random permutation of 0 .. count - 1. */
  permutation(count: number): Uint32Array;
  /** The key, as JSON that {@link randomFromJSON} takes back. */
  toJSON(): RandomState;
}

/** A stream's key as JSON. */
export interface RandomState {
  /** The generator the key is for: `threefry4x32-20`. */
  readonly algorithm: string;
  /** Four integers in [0, 2^32). */
  readonly key: readonly number[];
}
