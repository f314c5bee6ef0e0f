import { shapes } from '@taggerjs/datasets';
import { mlp, projected } from '@taggerjs/mapping';
import { bitflip } from '@taggerjs/noise';
import { createTagger } from '@taggerjs/tagger';
import { train, type TrainEvent } from '@taggerjs/train';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

async function main() {
  await tf.setBackend('cpu');
  const dataset = shapes({ split: 'train', size: 8 });
  const core = projected({ hiddenSize: 8, mapping: mlp({ sizes: [] }) });
  const tagger = createTagger({ inputShape: [20, 20], noise: bitflip(), core, initialPrediction: 0.26, groups: 2 });
  const types: TrainEvent['type'][] = [];
  for await (const event of train({ tagger, dataset, batchSize: 4, steps: 2 })) types.push(event.type);
  if (types.join() !== 'start,step,step,end') throw new Error(`events: ${types}`);
}

main().then(() => console.log('ok'));
