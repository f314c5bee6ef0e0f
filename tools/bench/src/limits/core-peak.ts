import { compileLimits } from './compile-limits';

/** Operations per iteration of the multiply-add loop: twelve vectors of four numbers. */
export const OPERATIONS = 12 * 4 * 2;
/** Additions per iteration of the other loop. */
const ADDITIONS = 8;
/** Iterations: a few milliseconds. */
const TURNS = 2_000_000;

/** The current rates of a core. */
export interface CorePeak {
  /** GFLOP/s of fused 128-bit multiply-adds in registers. */
  readonly gflops: number;
  /**
   * Independent integer additions per nanosecond. They fill all issue slots of a core, which it shares with its other
   * hardware thread. Multiply-adds do not, so their rate does not reveal a busy sibling.
   */
  readonly additionsPerNanosecond: number;
}

/** Returns a function that measures the rates. */
export async function corePeak(): Promise<() => CorePeak> {
  const { additions, multiplyAdds } = (await compileLimits()).limits;
  const measure = () => {
    const started = performance.now();
    multiplyAdds(TURNS, 1e-3, 1);
    const between = performance.now();
    additions(TURNS, 3n);
    return {
      gflops: (OPERATIONS * TURNS) / (between - started) / 1e6,
      additionsPerNanosecond: (ADDITIONS * TURNS) / (performance.now() - between) / 1e6,
    };
  };
  // Warm up until V8 has optimized them.
  for (let i = 0; i < 20; i++) measure();
  return measure;
}
