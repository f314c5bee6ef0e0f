import { describeSetup, useWebgpu, type WebgpuOptions } from '@taggerjs/backend-webgpu';
import { matMul } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Sets up the webgpu backend. */
export async function setUp(options: WebgpuOptions) {
  const { lost: _, ...setup } = await useWebgpu(options);
  return { ...setup, description: describeSetup({ ...setup, lost: _ }), current: tf.getBackend() };
}

/** The code and message of the error of `useWebgpu`. */
export async function refused(options: WebgpuOptions) {
  try {
    await useWebgpu(options);
    return undefined;
  } catch (error) {
    const { code, message } = error as Error & { code: unknown };
    return { code, message };
  }
}

/** The gradient of sum(a b) with respect to a: every row contains the row sums of b. */
export async function gradientOfProduct(rows: number, second: number[][]): Promise<Float32Array> {
  const w = tf.tensor2d(second);
  const x = tf.zeros<tf.Rank.R2>([rows, second.length]);
  const dx = tf.grad((input) => matMul(input as tf.Tensor2D, w))(x);
  const values = (await dx.data()) as Float32Array;
  tf.dispose([w, x, dx]);
  return values.slice();
}
