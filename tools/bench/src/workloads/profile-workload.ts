import * as tf from '@tensorflow/tfjs-core';

import { PRODUCTS, type KernelTime, type ProfileReply } from '../profile-parts';
import type { Answer, WorkloadContext } from '../workload';

/** Every request runs a step and times every kernel. */
export async function profileWorkload({ variant, settings }: WorkloadContext): Promise<Answer> {
  const step = variant.makeStep(settings);
  // Operations register their kernels at their first call.
  await step();
  const clocks = new KernelClocks();
  return async (): Promise<ProfileReply> => {
    clocks.reset();
    const started = performance.now();
    await step();
    return { milliseconds: performance.now() - started, kernels: clocks.read() };
  };
}

/** Times all kernels that are registered for the backend. Kernels of WebAssembly are done when they return. */
class KernelClocks {
  #times = new Map<string, { milliseconds: number; calls: number }>();
  /** Time of the kernels that each running kernel has called. */
  readonly #running: { readonly name: string; inner: number }[] = [];

  constructor() {
    const backendName = tf.getBackend();
    for (const kernel of tf.getKernelsForBackend(backendName)) {
      tf.unregisterKernel(kernel.kernelName, backendName);
      // Skips its setup, which has already run.
      const { kernelName, disposeFunc } = kernel;
      const kernelFunc: tf.KernelFunc = (args) => this.#time(kernelName, () => kernel.kernelFunc(args));
      tf.registerKernel({ kernelName, backendName, kernelFunc, ...(disposeFunc && { disposeFunc }) });
    }
  }

  reset(): void {
    this.#times = new Map();
  }

  read(): Record<string, KernelTime> {
    return Object.fromEntries(this.#times);
  }

  #time<T>(kernelName: string, run: () => T): T {
    const caller = this.#running.at(-1);
    const name = caller !== undefined && PRODUCTS.has(caller.name) ? caller.name : kernelName;
    const call = { name, inner: 0 };
    this.#running.push(call);
    const started = performance.now();
    try {
      return run();
    } finally {
      const milliseconds = performance.now() - started;
      this.#running.pop();
      if (caller !== undefined) caller.inner += milliseconds;
      const time = this.#times.get(name) ?? { milliseconds: 0, calls: 0 };
      time.milliseconds += milliseconds - call.inner;
      if (name === kernelName) time.calls += 1;
      this.#times.set(name, time);
    }
  }
}
