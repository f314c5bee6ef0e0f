import { matMul } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { Reply } from '../contestants/line-process';
import { coreLimits } from '../limits/core-limits';
import type { Answer } from '../workload';
import { repeat } from './repeat';

/** A product: `400x1600x2000 nt`: M, K, N, and for each factor whether it is transposed. */
export interface ProductReply extends Reply {
  /** GFLOP/s of 128-bit multiply-adds on one core, measured right before and after. */
  readonly limitGflops: number;
  /** Integer additions per nanosecond, the lower rate of before and after. */
  readonly additionsPerNanosecond: number;
  /** Whether the multiply-adds are fused. */
  readonly limitFused: boolean;
}

/** A request is a matrix product, as `400x1600x2000 nt`: M, K, N, and whether each factor is transposed (t) or not (n). */
export async function productWorkload(): Promise<Answer> {
  const limit = await coreLimits();
  return async (request): Promise<ProductReply> => {
    const [, m, k, n, a, b] = /^(\d+)x(\d+)x(\d+) ([nt])([nt])$/.exec(request) ?? [];
    if (b === undefined) throw new Error(`not a product: ${request}`);
    const [M, K, N] = [Number(m), Number(k), Number(n)];
    const transposeA = a === 't';
    const transposeB = b === 't';
    const left = tf.randomUniform<tf.Rank.R2>(transposeA ? [K, M] : [M, K], -1, 1);
    const right = tf.randomUniform<tf.Rank.R2>(transposeB ? [N, K] : [K, N], -1, 1);
    const before = limit.measure();
    const milliseconds = repeat(() => matMul(left, right, { transposeA, transposeB }).dispose());
    const after = limit.measure();
    tf.dispose([left, right]);
    return {
      milliseconds,
      limitGflops: Math.max(before.multiplyAddGflops, after.multiplyAddGflops),
      additionsPerNanosecond: Math.min(before.additionsPerNanosecond, after.additionsPerNanosecond),
      limitFused: limit.fused,
    };
  };
}
