import * as tf from '@tensorflow/tfjs-core';

import type { BackendUnderTest } from '../backend-under-test';

/**
 * A backend that the application registered with TensorFlow.js by importing it: `cpu`, `webgl`.
 *
 * @param name its name in TensorFlow.js
 * @param howToGet how it is had: one line
 * @param description what it is, for people. @default its name
 */
export function registeredBackend(name: string, howToGet: string, description = name): BackendUnderTest {
  return {
    name,
    howToGet,
    available: async () =>
      tf.findBackendFactory(name) === null && tf.findBackend(name) === null
        ? `TensorFlow.js has no backend '${name}' here`
        : undefined,
    async setUp() {
      if (!(await tf.setBackend(name))) throw new Error(`the backend '${name}' cannot be initialized`);
      await tf.ready();
      return { backend: name, description };
    },
    async tearDown() {
      // It is the application's.
    },
  };
}
