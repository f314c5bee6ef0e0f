import { matMul, TaggerError } from '@taggerjs/nn';
import { checkOperation } from '@taggerjs/nn/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

async function main() {
  await tf.setBackend('cpu');
  const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  // TensorFlow.js registers no gradients here: the operation brings its own.
  const product = (x: tf.Tensor) => matMul(x as tf.Tensor2D, a);
  const gradient = tf.grad(product)(tf.zeros([2, 2]), tf.ones([2, 2]));
  if ((await gradient.data()).join() !== '3,7,3,7') throw new Error('not the gradient');
  try {
    matMul(a, tf.zeros([3, 3]));
    throw new Error('shapes that do not fit are an error');
  } catch (error) {
    if (!(error instanceof TaggerError) || error.code !== 'INVALID_SHAPE') throw error;
  }
  if (typeof checkOperation !== 'function') throw new Error('no checkOperation');
}

main().then(() => console.log('ok'));
