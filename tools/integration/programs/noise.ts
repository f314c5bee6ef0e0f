import { bitflip, gaussian, type NoiseModel } from '@taggerjs/noise';
import { createRandom } from '@taggerjs/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

async function main() {
  await tf.setBackend('cpu');
  const x = tf.tensor2d([[0, 1, 1, 0]]);
  const models: NoiseModel[] = [
    bitflip({ probability: 0.1 }).create({}),
    gaussian({ standardDeviation: 0.3 }).create({}),
  ];
  for (const model of models) {
    const corrupted = model.corrupt(x, createRandom(1));
    const L = model.assignmentLikelihood(corrupted, tf.fill([3, 1, 4], 0.5) as tf.Tensor3D);
    const values = await L.data();
    if (!values.every((value) => Math.abs(value - 1 / 3) < 1e-6)) throw new Error('equal groups are equally likely');
    model.dispose();
  }
}

main().then(() => console.log('ok'));
