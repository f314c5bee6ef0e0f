import * as tf from '@tensorflow/tfjs-core';

import type { Reply } from '../contestants/line-process';
import type { Answer, WorkloadContext } from './workload';

/** Kernels that are matrix products. Kernels that they call, such as transposes, count as part of the product. */
export const PRODUCTS: ReadonlySet<string> = new Set([
  'TaggerMatMul',
  'TaggerFeatureProduct',
  'TaggerFeatureProductGradient',
  'BatchMatMul',
  '_FusedMatMul',
]);

/** Where the time of a step went. */
export interface ProfileReply extends Reply {
  /** Time in each kernel, excluding the kernels that it calls. */
  readonly kernels: Readonly<Record<string, { readonly milliseconds: number; readonly calls: number }>>;
}

/** Every request runs a step and times every kernel. */
export async function profileWorkload({ variant, threads, settings }: WorkloadContext): Promise<Answer> {
  const step = await variant.makeStep(settings, threads);
  // Operations register their kernels at their first call.
  await step();
  const times = timeKernels();
  return async (): Promise<ProfileReply> => {
    times.clear();
    const started = performance.now();
    await step();
    return { milliseconds: performance.now() - started, kernels: Object.fromEntries(times) };
  };
}

/** Times all kernels that are registered for the backend. Kernels of WebAssembly are done when they return. */
function timeKernels() {
  const times = new Map<string, { milliseconds: number; calls: number }>();
  /** The running kernels, each with the time of the kernels that it has called. */
  const running: { readonly name: string; inner: number }[] = [];
  const timed = <T>(kernelName: string, run: () => T): T => {
    const caller = running.at(-1);
    const name = caller !== undefined && PRODUCTS.has(caller.name) ? caller.name : kernelName;
    const call = { name, inner: 0 };
    running.push(call);
    const started = performance.now();
    try {
      return run();
    } finally {
      const milliseconds = performance.now() - started;
      running.pop();
      if (caller !== undefined) caller.inner += milliseconds;
      const before = times.get(name) ?? { milliseconds: 0, calls: 0 };
      times.set(name, {
        milliseconds: before.milliseconds + milliseconds - call.inner,
        calls: before.calls + Number(name === kernelName),
      });
    }
  };
  const backendName = tf.getBackend();
  for (const { kernelName, kernelFunc, disposeFunc } of tf.getKernelsForBackend(backendName)) {
    tf.unregisterKernel(kernelName, backendName);
    // Without its setup, which has already run.
    const config = { kernelName, backendName, ...(disposeFunc && { disposeFunc }) };
    tf.registerKernel({ ...config, kernelFunc: (args) => timed(kernelName, () => kernelFunc(args)) });
  }
  return times;
}
