import { useWasm, type WasmSetup } from '@taggerjs/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

async function main() {
  const setup: WasmSetup = await useWasm({ threads: 1 });
  if (setup.backend !== 'wasm' || tf.getBackend() !== 'wasm') throw new Error('not set up');
  if ((await tf.add(1, 2).data())[0] !== 3) throw new Error('does not compute');
}

main().then(() => console.log('ok'));
