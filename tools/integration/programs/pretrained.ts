import { loadPretrained, pretrainedModels } from '@taggerjs/pretrained';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

async function main() {
  await tf.setBackend('cpu');
  for (const { name, recipe } of Object.values(pretrainedModels)) {
    const tagger = await loadPretrained(name);
    const [height = 0, width = 0] = tagger.config.inputShape;
    if (height * width !== tagger.inputSize || recipe['name'] === undefined) throw new Error(`wrong model: ${name}`);
    tagger.dispose();
  }
  if (tf.memory().numTensors > 0) throw new Error('tensors are left');
}

main().then(() => console.log('ok'));
