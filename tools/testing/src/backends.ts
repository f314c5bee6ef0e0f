import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';

import * as tf from '@tensorflow/tfjs-core';

/** The backends that every test machine has. */
export const BACKENDS = ['cpu', 'wasm'] as const;

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
