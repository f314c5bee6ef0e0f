import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';

import * as tf from '@tensorflow/tfjs-core';

/** The backends to test on: those of TEST_BACKENDS, or those that every machine has. */
export const BACKENDS: readonly string[] = process.env['TEST_BACKENDS']?.split(',') ?? ['cpu', 'wasm'];

/** Runs a block of tests once per backend, with that backend set. */
export function describeBackends(name: string, block: (backend: string) => void): void {
  describe.each(BACKENDS)(`${name} (%s)`, (backend) => {
    beforeAll(async () => {
      if (!(await tf.setBackend(backend))) throw new Error(`the ${backend} backend cannot be set`);
      await tf.ready();
    });
    block(backend);
  });
}
