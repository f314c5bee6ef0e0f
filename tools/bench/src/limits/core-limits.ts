import { compileLimits, LARGEST_MEMORY_PAGES, type LimitExports } from './compile-limits';

/** Operations per iteration of the multiply-add loop: twelve vectors of four numbers. */
const OPERATIONS = 12 * 4 * 2;
const MULTIPLY_ADD_TURNS = 2_000_000;
/** Additions per iteration of the other loop. */
const ADDITIONS = 8;
const ADDITION_TURNS = 2_000_000;

/** The current rates of a core. */
export interface CoreRates {
  /** GFLOP/s of 128-bit multiply-adds. */
  readonly multiplyAddGflops: number;
  /**
   * Independent integer additions per nanosecond. They fill all issue slots of a core, which it shares with its other
   * hardware thread. Multiply-adds do not, so their rate does not reveal a busy sibling.
   */
  readonly additionsPerNanosecond: number;
}

/** Measures the peak rates of a core. */
export interface CoreLimits {
  /** Whether multiply-adds are fused. */
  readonly fused: boolean;
  /** Takes a few milliseconds. */
  measure(): CoreRates;
}

export async function coreLimits(): Promise<CoreLimits> {
  const { module, relaxed } = await compileLimits();
  const memory = new WebAssembly.Memory({ initial: 1, maximum: LARGEST_MEMORY_PAGES, shared: true });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const { additions, multiplyAdds } = exports as unknown as LimitExports;
  const measure = (): CoreRates => {
    const started = performance.now();
    multiplyAdds(MULTIPLY_ADD_TURNS, 1e-3, 1);
    const between = performance.now();
    additions(ADDITION_TURNS, 3n);
    return {
      multiplyAddGflops: (OPERATIONS * MULTIPLY_ADD_TURNS) / (between - started) / 1e6,
      additionsPerNanosecond: (ADDITIONS * ADDITION_TURNS) / (performance.now() - between) / 1e6,
    };
  };
  // Warm up until V8 has optimized them.
  for (let i = 0; i < 20; i++) measure();
  return { fused: relaxed, measure };
}
