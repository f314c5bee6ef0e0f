import type { Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The logits of m^0: independent N(0, 1) numbers (Eq. 4). Example e of a dataset takes the positions
 * e K P .. (e + 1) K P - 1 of the stream, so that its initial assignment does not depend on the batch it comes in.
 *
 * @param size `inputSize`: P, the pixels of an input, each of which has an assignment: its elements if they have one channel
 * @returns [K, B, P]
 */
export function initialAssignmentLogits(
  random: Random,
  size: { readonly groups: number; readonly batch: number; readonly inputSize: number; readonly firstExample?: number },
): tf.Tensor3D {
  const { groups: K, batch: B, inputSize: P, firstExample = 0 } = size;
  const byExample = random.normal(B * K * P, { from: firstExample * K * P });
  const logits = new Float32Array(K * B * P);
  // [B, K, P] -> [K, B, P]
  for (let b = 0; b < B; b++) {
    for (let k = 0; k < K; k++) {
      const row = (b * K + k) * P;
      logits.set(byExample.subarray(row, row + P), (k * B + b) * P);
    }
  }
  return tf.tensor3d(logits, [K, B, P]);
}
