import * as tf from '@tensorflow/tfjs-core';

import { peakRssMiB } from '../peak-memory';
import type { Answer, WorkloadContext } from '../workloads';

/** Every request is one step, or one inference. */
export async function stepWorkload({ variant, settings }: WorkloadContext): Promise<Answer> {
  const step = variant.makeStep(settings);
  return async () => {
    const started = performance.now();
    const cost = await step();
    const milliseconds = performance.now() - started;
    return { milliseconds, cost, peakRssMiB: peakRssMiB(), wasmHeapMiB: wasmHeapMiB() };
  };
}

/** The WASM heap, which never shrinks: its size is its peak. */
function wasmHeapMiB(): number {
  const { wasm } = tf.backend() as unknown as { readonly wasm: { readonly HEAPU8: Uint8Array } };
  return wasm.HEAPU8.byteLength / 2 ** 20;
}
