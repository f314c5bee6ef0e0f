import { mlp, projected, resolveCore, type CoreComponent } from '@taggerjs/mapping';
import { checkCore } from '@taggerjs/mapping/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

async function main() {
  await tf.setBackend('cpu');
  const component: CoreComponent = projected({ hiddenSize: 6, mapping: mlp({ sizes: [4] }) });
  await checkCore(component);
  const again = await resolveCore(JSON.parse(JSON.stringify(component.config)));
  if (JSON.stringify(again.config) !== JSON.stringify(component.config)) throw new Error('not the same description');
}

main().then(() => console.log('ok'));
