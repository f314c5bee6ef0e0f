import { memoryReader } from '../limits/memory-reader';
import { weightBytes } from '../matmul-flops';
import type { Answer, WorkloadContext } from '../workload';
import { repeat } from './repeat';

/** Every request repeatedly reads as many bytes as the weights have, once for each iteration, and computes nothing. */
export async function bandwidthWorkload({ settings, threads }: WorkloadContext): Promise<Answer> {
  const reader = await memoryReader(weightBytes(settings), threads);
  return async () => ({ milliseconds: repeat(() => reader.read(settings.iterations)) });
}
