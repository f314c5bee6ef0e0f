/** The size of a training step. */
export interface StepSettings {
  /** Hidden size H, then the Ladder's sizes. */
  readonly sizes: readonly number[];
  /** Elements of an input, N. */
  readonly inputSize: number;
  readonly noise: 'bitflip' | 'gaussian';
  readonly norm: 'layer' | 'batch';
  readonly groups: number;
  readonly iterations: number;
  readonly batch: number;
  readonly threads: number;
}

/** A step that can be made again and again. */
export interface StepRunner {
  /** What it runs on, for people. */
  readonly description: string;
  /** One training step: forward, backward through time, Adam. Resolves to the cost when the device is done. */
  step(): Promise<number>;
}

/** Multiply-adds of a step's matrix products, times two: what GFLOP/s are counted of. */
export function matmulFlops({ sizes, inputSize: N, groups, iterations, batch }: StepSettings): number {
  const H = sizes[0] as number;
  let perRow = 4 * N * H + 2 * H * N;
  for (let l = 1; l < sizes.length; l++) perRow += 2 * (sizes[l - 1] as number) * (sizes[l] as number);
  const forward = 2 * perRow * groups * batch * iterations;
  // Each product has two gradients, but the first iteration's input has none.
  return 3 * forward - 2 * 4 * N * H * groups * batch;
}

/** The same inputs for every variant: binary or grey pixels without structure. */
export function randomInputs({ batch, inputSize, noise }: StepSettings): Float32Array {
  let state = 1;
  return Float32Array.from({ length: batch * inputSize }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const uniform = state / 2 ** 32;
    return noise === 'bitflip' ? Number(uniform < 0.28) : uniform;
  });
}
