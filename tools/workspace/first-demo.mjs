// The first thing that `npm start` shows: new images, grouped by a pretrained model. Runs from the sources, on TensorFlow.js's own
// WebAssembly backend, because the kernels and the command line may not be built yet.
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

const source = (path) => import(new URL(`../../packages/cli/src/${path}.ts`, import.meta.url));
const [{ runDemo }, { createOutput }] = await Promise.all([source('actions/demo'), source('terminal/output')]);

const options = { model: 'pretrained:shapes', examples: 6, of: 100, out: 'runs/demo' };
await runDemo(options, createOutput({}), () => tf.setBackend('wasm'));
