import { useWasm } from '@taggerjs/backend-wasm';
import { loadPretrained, type PretrainedName } from '@taggerjs/pretrained';
import { group } from '@taggerjs/tagger';
import * as tf from '@tensorflow/tfjs-core';

/** Loads a pretrained model and groups images. Returns the assignments at the last iteration and the number of leaked tensors. */
export async function groupBy(name: PretrainedName, inputs: Float32Array, baseUrl?: string) {
  await useWasm({ wasmPaths: '/wasm/' });
  const before = tf.memory().numTensors;
  const tagger = await loadPretrained(name, baseUrl === undefined ? {} : { baseUrl });
  const { iterations } = await group(tagger, inputs, { iterations: 5, seed: 3 });
  tagger.dispose();
  return { m: iterations.at(-1)!.assignment, left: tf.memory().numTensors - before };
}

/** The code and message of the error of `loadPretrained`; undefined if it throws none. */
export async function refused(name: string, baseUrl: string) {
  await useWasm({ wasmPaths: '/wasm/' });
  try {
    (await loadPretrained(name as PretrainedName, { baseUrl })).dispose();
    return undefined;
  } catch (error) {
    const { name, code, message } = error as Error & { code: unknown };
    return { name, code, message };
  }
}
