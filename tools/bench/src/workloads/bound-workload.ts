import { corePeak } from '../limits/core-peak';
import { memoryReader } from '../limits/memory-reader';
import { matmulFlops, weightBytes } from '../matmul-flops';
import type { Answer, WorkloadContext } from './workload';
import { repeat } from './repeat';

/**
 * Every request measures a lower bound. Training: the matrix products at the peak of 128-bit multiply-adds of as many cores as
 * threads. Inference: reading as many bytes as the weights have, once for each iteration.
 */
export async function boundWorkload({ settings, threads }: WorkloadContext): Promise<Answer> {
  if (settings.task === 'inference') {
    const read = await memoryReader(weightBytes(settings), threads);
    return async () => ({ milliseconds: await repeat(() => read(settings.iterations)) });
  }
  const measure = await corePeak();
  return async () => ({ milliseconds: matmulFlops(settings) / (threads * measure().gflops) / 1e6 });
}
