import { compileLimits, LARGEST_MEMORY_PAGES, type LimitExports } from './compile-limits';

/** Operations of one turn of the loop: twelve multiply-adds of four numbers. */
const OPERATIONS = 12 * 4 * 2;
const TURNS = 2_000_000;

/** Measures what 128-bit multiply-adds a core can do. */
export interface MultiplyAddLimit {
  /** Whether they are fused. */
  readonly fused: boolean;
  /** GFLOP/s of one core right now, in some milliseconds. */
  measure(): number;
}

export async function multiplyAddLimit(): Promise<MultiplyAddLimit> {
  const { module, relaxed } = await compileLimits();
  const memory = new WebAssembly.Memory({ initial: 1, maximum: LARGEST_MEMORY_PAGES, shared: true });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const { multiplyAdds } = exports as unknown as LimitExports;
  const measure = () => {
    const started = performance.now();
    multiplyAdds(TURNS, 1e-3, 1);
    return (OPERATIONS * TURNS) / (performance.now() - started) / 1e6;
  };
  // Until V8 has optimized it.
  for (let i = 0; i < 20; i++) measure();
  return { fused: relaxed, measure };
}
