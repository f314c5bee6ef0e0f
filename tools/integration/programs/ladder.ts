import { ladder } from '@taggerjs/ladder';
import { createRandom } from '@taggerjs/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

async function main() {
  await tf.setBackend('cpu');
  const random = createRandom('ladder');
  const mapping = ladder({ sizes: [4, 3] }).create({ hiddenSize: 6, norm: 'layer', random });
  const context = { iteration: 0, training: false, random, groups: 2, statistics: 'batch' as const };
  const { output } = mapping.apply(tf.tensor2d(random.normal(24), [4, 6]), context);
  const values = await output.data();
  if (values.length !== 24 || !values.every(Number.isFinite)) throw new Error('not [4, 6] finite values');
  mapping.dispose();
}

main().then(() => console.log('ok'));
