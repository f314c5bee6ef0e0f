import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from './errors';
import { registerTensorflowGradients } from './tensorflow-gradients';

/**
 * The name of the TensorFlow.js backend in use. A backend that is registered but not set up yet is set up, if that needs
 * no waiting. Also registers the gradients that TensorFlow.js lacks; see {@link registerTensorflowGradients}.
 *
 * @param operation what needs the backend, for the error message
 * @throws TaggerError `NO_BACKEND` if no backend is registered, or the registered one must be awaited first
 */
export function requireBackend(operation: string): string {
  registerTensorflowGradients();
  if (tf.getBackend()) return tf.getBackend();
  try {
    tf.backend();
    return tf.getBackend();
  } catch (cause) {
    throw new TaggerError(
      'NO_BACKEND',
      `${operation}: no TensorFlow.js backend is set up. Call \`await useWasm()\` of @taggerjs/backend-wasm, or import a ` +
        'backend and `await tf.setBackend(name)`, before using a model.',
      { cause },
    );
  }
}
