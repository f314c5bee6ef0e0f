import { readFileSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs-core';

import type { Answer, WorkloadContext } from './workload';
import { repeat } from './repeat';

/** Milliseconds of inferences before the first that counts: the engine compiles hot code within a few hundred calls. */
const WARM_UP = 1500;

/** Every request runs one step, or several inferences in a row. */
export async function stepWorkload({ variant, threads, settings }: WorkloadContext): Promise<Answer> {
  const step = await variant.makeStep(settings, threads);
  const isInference = settings.task === 'inference';
  if (isInference) for (const end = performance.now() + WARM_UP; performance.now() < end;) await step();
  return async () => {
    let cost = NaN;
    const action = async () => (cost = await step());
    const started = performance.now();
    const milliseconds = isInference ? await repeat(action) : (await action(), performance.now() - started);
    return { milliseconds, cost, peakRssMiB: peakRssMiB(), wasmHeapMiB: wasmHeapMiB() };
  };
}

/** MiB of the largest resident set of this process so far. */
function peakRssMiB(): number {
  try {
    // Node's maxRSS also counts the parent's pages at the fork.
    const line = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (line !== null) return Number(line[1]) / 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS / 1024;
}

/** The WASM heap, which never shrinks: its size is its peak. Null on other backends. */
function wasmHeapMiB(): number | null {
  const { wasm } = tf.backend() as unknown as { readonly wasm?: { readonly HEAPU8: Uint8Array } };
  return wasm === undefined ? null : wasm.HEAPU8.byteLength / 2 ** 20;
}
