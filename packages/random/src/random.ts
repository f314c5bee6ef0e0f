/**
 * A stream of random numbers: a key. A key and a position give a number, so nothing is ever "used up": the same call
 * returns the same numbers, and a run resumes at any position.
 */
export interface Random {
  /** A stream of its own for each path of labels: `random.fork('noise', step)`. Pure. */
  fork(...labels: readonly (string | number)[]): Random;
  /** Uniform numbers in [0, 1), multiples of 2^-24. `from`: the position of the first. */
  uniform(count: number, options?: { readonly from?: number }): Float32Array;
  /** Normal numbers, rounded to float32. */
  normal(
    count: number,
    options?: { readonly from?: number; readonly mean?: number; readonly standardDeviation?: number },
  ): Float32Array;
  /** Zeros and ones; each is one with the probability given. */
  bernoulli(count: number, options: { readonly probability: number; readonly from?: number }): Float32Array;
  /** Integers in [0, bound), without modulo bias. */
  integers(count: number, options: { readonly bound: number; readonly from?: number }): Uint32Array;
  /** A uniformly random permutation of 0 .. count - 1. */
  permutation(count: number): Uint32Array;
  /** The key, as JSON that {@link randomFromJSON} takes back. */
  toJSON(): RandomState;
}

/** A stream's key as JSON. */
export interface RandomState {
  readonly algorithm: string;
  readonly key: readonly number[];
}
