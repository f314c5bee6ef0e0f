import type { Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The logits of m^0: independent N(0, 1) numbers (Eq. 4). Example e of a dataset takes the positions
 * e K N .. (e + 1) K N - 1 of the stream, so that its initial assignment does not depend on the batch it comes in.
 *
 * @returns [K, B, N]
 */
export function initialAssignmentLogits(
  random: Random,
  size: { readonly groups: number; readonly batch: number; readonly inputSize: number; readonly firstExample?: number },
): tf.Tensor3D {
  const { groups: K, batch: B, inputSize: N, firstExample = 0 } = size;
  const byExample = random.normal(B * K * N, { from: firstExample * K * N });
  const logits = new Float32Array(K * B * N);
  // [B, K, N] -> [K, B, N]
  for (let b = 0; b < B; b++) {
    for (let k = 0; k < K; k++) {
      const row = (b * K + k) * N;
      logits.set(byExample.subarray(row, row + N), (k * B + b) * N);
    }
  }
  return tf.tensor3d(logits, [K, B, N]);
}
