import * as tf from '@tensorflow/tfjs-core';

import type { BackendUnderTest } from './backend-under-test';

/**
 * A backend that the application registered with TensorFlow.js, for example by importing it: `webgl`.
 *
 * @param name its name in TensorFlow.js
 * @param description a human-readable description. @default its name
 */
export function registeredBackend(name: string, description = name): BackendUnderTest {
  return {
    name,
    async setUp() {
      if (tf.findBackendFactory(name) === null && tf.findBackend(name) === null) {
        throw new Error(`TensorFlow.js has no backend '${name}' here`);
      }
      if (!(await tf.setBackend(name))) throw new Error(`the backend '${name}' cannot be initialized`);
      return { backend: name, description };
    },
    // The application keeps it.
    tearDown: async () => {},
  };
}
