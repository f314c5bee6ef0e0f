import { BACKENDS, hasThreads, useBackend, type BackendName, type BackendOptions } from '@taggerjs/backends';
import { TaggerError } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { BackendUnderTest } from './backend-under-test';

/**
 * A backend of `@taggerjs/backends`, by its name: `cpu`, `wasm`, `tensorflow`, `cuda`, `webgpu`; `wasm:2` sets it up with
 * two threads. If its package is missing, or it cannot be used here, the report has the reason.
 *
 * @param options those of `useBackend` that the name and the suite do not set
 * @throws TaggerError `INVALID_OPTION` if the name is unknown, or the backend has no threads
 */
export function namedBackend(
  name: string,
  options: Pick<BackendOptions, 'wasmPaths' | 'precision'> = {},
): BackendUnderTest {
  const [kind, count] = name.split(':') as [BackendName, string?];
  if (!BACKENDS.includes(kind) || (count !== undefined && !(hasThreads(kind) && /^[1-9]\d*$/.test(count)))) {
    throw new TaggerError(
      'INVALID_OPTION',
      `unknown backend '${name}'. Use one of ${BACKENDS.join(', ')}, or wasm:N or tensorflow:N for N threads.`,
    );
  }
  const threads = count === undefined ? {} : { threads: Number(count) };
  return {
    name,
    setUp: (kernels) => useBackend(kind, { ...options, ...threads, kernels: kernels === 'on' ? 'auto' : 'off' }),
    async tearDown() {
      // TensorFlow stays in the process that loaded it, and cpu holds nothing.
      if (kind === 'wasm' || kind === 'webgpu') tf.removeBackend(kind);
    },
  };
}
