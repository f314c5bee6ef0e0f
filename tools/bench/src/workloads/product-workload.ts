import { matMul } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { Reply } from '../contestants/line-process';
import { corePeak } from '../limits/core-peak';
import type { Answer } from './workload';
import { repeat } from './repeat';

/** A matrix product. */
export interface ProductReply extends Reply {
  /** GFLOP/s of 128-bit multiply-adds on one core, measured right before and after. */
  readonly limitGflops: number;
  /** Integer additions per nanosecond, the lower rate of before and after. */
  readonly additionsPerNanosecond: number;
}

/** A request is a matrix product, as `400x1600x2000 nt`: M, K, N, and whether each factor is transposed (t) or not (n). */
export async function productWorkload(): Promise<Answer> {
  const measurePeak = await corePeak();
  return async (request): Promise<ProductReply> => {
    const [size = '', transposes = ''] = request.split(' ');
    const [M, K, N] = size.split('x').map(Number) as [number, number, number];
    const [transposeA, transposeB] = [...transposes].map((letter) => letter === 't') as [boolean, boolean];
    const left = tf.randomUniform<tf.Rank.R2>(transposeA ? [K, M] : [M, K], -1, 1);
    const right = tf.randomUniform<tf.Rank.R2>(transposeB ? [N, K] : [K, N], -1, 1);
    const before = measurePeak();
    const milliseconds = await repeat(() => matMul(left, right, { transposeA, transposeB }).dispose());
    const after = measurePeak();
    tf.dispose([left, right]);
    return {
      milliseconds,
      limitGflops: Math.max(before.gflops, after.gflops),
      additionsPerNanosecond: Math.min(before.additionsPerNanosecond, after.additionsPerNanosecond),
    };
  };
}
