import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from './errors';

/**
 * The name of the TensorFlow.js backend that computes. One that is registered but was not set yet is set up, where that
 * needs no waiting.
 *
 * @param operation what needs the backend, for the message
 * @throws TaggerError `NO_BACKEND` where none is registered, or the one registered must be awaited first
 */
export function requireBackend(operation: string): string {
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
