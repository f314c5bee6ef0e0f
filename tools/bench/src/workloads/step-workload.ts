import * as tf from '@tensorflow/tfjs-core';

import { peakRssMiB } from '../peak-memory';
import type { Answer, WorkloadContext } from '../workload';
import { repeatAsync } from './repeat';

/** Milliseconds of inferences before the first that counts: the engine compiles hot code within a few hundred calls. */
const WARM_UP = 1500;

/** Every request runs one step, or several inferences in a row. */
export async function stepWorkload({ variant, settings }: WorkloadContext): Promise<Answer> {
  const step = variant.makeStep(settings);
  if (settings.task === 'inference')
    for (const end = performance.now() + WARM_UP; performance.now() < end;) await step();
  return async () => {
    let cost = NaN;
    const action = async () => (cost = await step());
    const milliseconds = await (settings.task === 'inference' ? repeatAsync(action) : timeOf(action));
    return { milliseconds, cost, peakRssMiB: peakRssMiB(), wasmHeapMiB: wasmHeapMiB() };
  };
}

async function timeOf(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

/** The WASM heap, which never shrinks: its size is its peak. Null on other backends. */
function wasmHeapMiB(): number | null {
  const { wasm } = tf.backend() as unknown as { readonly wasm?: { readonly HEAPU8: Uint8Array } };
  return wasm === undefined ? null : wasm.HEAPU8.byteLength / 2 ** 20;
}
