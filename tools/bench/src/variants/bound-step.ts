import { compileLimits } from '../limits/compile-limits';
import { OPERATIONS } from '../limits/core-peak';
import { memoryReader } from '../limits/memory-reader';
import { unavoidableFlops, weightBytes } from '../matmul-flops';
import type { StepSettings } from '../step-settings';
import type { Step } from './step';

/**
 * The work that WebAssembly cannot avoid. Training: one thread's share of the multiply-adds of all matrix products, without the
 * constant half of the first, on 128-bit vectors in registers. Inference: reading the weights, once for each iteration.
 */
export async function makeBoundStep(settings: StepSettings, threads: number): Promise<Step> {
  if (settings.task === 'inference') {
    const read = await memoryReader(weightBytes(settings), threads);
    return async () => (read(settings.iterations), 0);
  }
  const { limits } = await compileLimits();
  return async () => limits.multiplyAdds(unavoidableFlops(settings) / threads / OPERATIONS, 1e-3, 1);
}
