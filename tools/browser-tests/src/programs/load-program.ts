import { useWasm } from '@taggerjs/backend-wasm';
import { loadTagger } from '@taggerjs/experiment';
import { group } from '@taggerjs/tagger';
import * as tf from '@tensorflow/tfjs-core';

/** Loads a model by its URL and groups images. Returns the assignments at the last iteration and the number of leaked tensors. */
export async function groupBy(url: string, inputs: Float32Array) {
  await useWasm({ wasmPaths: '/wasm/' });
  const before = tf.memory().numTensors;
  const tagger = await loadTagger(new URL(url, location.href));
  const { iterations } = await group(tagger, inputs, { seed: 3 });
  const { inputShape } = tagger.config;
  tagger.dispose();
  return { inputShape, m: iterations.at(-1)!.assignment, left: tf.memory().numTensors - before };
}

/** The code and message of the error of `loadTagger`, and the number of leaked tensors. */
export async function refused(url: string) {
  await useWasm({ wasmPaths: '/wasm/' });
  const before = tf.memory().numTensors;
  try {
    await loadTagger(url);
    return undefined;
  } catch (error) {
    const { name, code, message } = error as Error & { code: unknown };
    return { name, code, message, left: tf.memory().numTensors - before };
  }
}
