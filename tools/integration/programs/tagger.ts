import { mlp, projected } from '@taggerjs/mapping';
import { bitflip } from '@taggerjs/noise';
import { createTagger, group, loadTagger, saveTagger } from '@taggerjs/tagger';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

async function main() {
  await tf.setBackend('cpu');
  const core = projected({ hiddenSize: 8, mapping: mlp({ sizes: [4] }) });
  const tagger = createTagger({ inputShape: [2, 3], noise: bitflip(), core, initialPrediction: 0.5, seed: 1 });
  const loaded = await loadTagger(await saveTagger(tagger));
  const inputs = Float32Array.of(1, 0, 1, 0, 1, 0);
  const [a, b] = [await group(tagger, inputs, { seed: 2 }), await group(loaded, inputs, { seed: 2 })];
  if (JSON.stringify(a) !== JSON.stringify(b)) throw new Error('a loaded model is not the saved one');
}

main().then(() => console.log('ok'));
