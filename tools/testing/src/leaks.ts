import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs a function and fails if it leaves more tensors or data buffers behind than it found. The function must dispose
 * every tensor it makes.
 */
export async function expectNoLeak(run: () => void | Promise<void>): Promise<void> {
  const before = tf.memory();
  await run();
  const after = tf.memory();
  if (after.numTensors !== before.numTensors || after.numDataBuffers !== before.numDataBuffers) {
    throw new Error(
      `leaked ${after.numTensors - before.numTensors} tensors, ` +
        `${after.numDataBuffers - before.numDataBuffers} data buffers`,
    );
  }
}
