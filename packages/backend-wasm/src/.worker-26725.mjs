import * as tf from '@tensorflow/tfjs-core';
import { useWasm } from '@taggerjs/backend-wasm';
import { parentPort } from 'node:worker_threads';
const { threads } = await useWasm({ threads: 2 });
const product = tf.matMul(tf.ones([100, 200]), tf.ones([200, 100]));
parentPort.postMessage([threads, (await product.data())[0]]);
