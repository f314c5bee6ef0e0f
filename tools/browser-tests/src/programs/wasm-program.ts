import { describeSetup, useWasm, type WasmOptions } from '@taggerjs/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

export { trainedWeights } from './trained-weights';

/** Sets up the wasm backend with the served `.wasm` files. */
export async function setUp(options: WasmOptions = {}) {
  const setup = await useWasm({ wasmPaths: '/wasm/', ...options });
  return { ...setup, description: describeSetup(setup), current: tf.getBackend() };
}

/** The code and message of the error of `useWasm`. */
export async function refused(options: WasmOptions) {
  try {
    await useWasm({ wasmPaths: '/wasm/', ...options });
    return undefined;
  } catch (error) {
    const { name, code, message } = error as Error & { code: unknown };
    return { name, code, message };
  }
}

/** Removes the backend. */
export function remove(): void {
  tf.removeBackend('wasm');
}

/** Computes with TensorFlow.js's own operations. */
export async function tfjsOperations(): Promise<Float32Array> {
  const result = tf.tidy(() => {
    const values = Float32Array.from({ length: 300 * 200 }, (_, i) => Math.sin(i));
    const a = tf.tensor2d(values, [300, 200]);
    return tf.concat([tf.sum(tf.matMul(a, a, false, true), 0), tf.mean(tf.sigmoid(a), 1)]);
  });
  const data = (await result.data()) as Float32Array;
  result.dispose();
  return data.slice();
}
