import { compileLimits, LARGEST_MEMORY_PAGES, type LimitExports } from './compile-limits';

/** Operations of one turn of the loop of multiply-adds: twelve of four numbers. */
const OPERATIONS = 12 * 4 * 2;
const MULTIPLY_ADD_TURNS = 2_000_000;
/** Additions of one turn of the other loop. */
const ADDITIONS = 8;
const ADDITION_TURNS = 2_000_000;

/** What a core does right now. */
export interface CoreRates {
  /** GFLOP/s of 128-bit multiply-adds. */
  readonly multiplyAddGflops: number;
  /**
   * Integer additions in a nanosecond that do not wait for each other. They fill the places for instructions that a core has,
   * which it shares with whoever runs on its other hardware thread; multiply-adds alone do not, nor does their rate tell.
   */
  readonly additionsPerNanosecond: number;
}

/** Measures what a core can do at most. */
export interface CoreLimits {
  /** Whether multiply-adds are fused. */
  readonly fused: boolean;
  /** Takes some milliseconds. */
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
  // Until V8 has optimized them.
  for (let i = 0; i < 20; i++) measure();
  return { fused: relaxed, measure };
}
