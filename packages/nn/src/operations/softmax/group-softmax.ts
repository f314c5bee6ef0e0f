import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import { expOfNonPositive } from '../../composition/exponential';
import { maxMiddle, sumMiddle } from '../../composition/reductions';
import { requireShape } from '../../checks/shapes';

/** [K, B, N] -> [1, K, B*N] */
const flatten = (t: tf.Tensor3D): tf.Tensor3D => tf.reshape(t, [1, t.shape[0], t.shape[1] * t.shape[2]]);

/**
 * Gradient of {@link groupSoftmaxOperation}: `dx = dLogM + m (dm - sum over groups of (m dm + dLogM))`. Kernel
 * `TaggerGroupSoftmaxGradient`.
 *
 * Inputs dm, dLogM, m, output, all [K, B, N].
 */
export const groupSoftmaxGradientOperation = /* @__PURE__ */ defineOperation<
  { dm: tf.Tensor3D; dLogM: tf.Tensor3D; m: tf.Tensor3D },
  Record<string, never>,
  [tf.Tensor3D]
>({
  kernelName: 'TaggerGroupSoftmaxGradient',
  check({ dm, dLogM, m }) {
    requireShape('groupSoftmaxGradient', 'm', m, [null, null, null]);
    requireShape('groupSoftmaxGradient', 'dm', dm, m.shape);
    requireShape('groupSoftmaxGradient', 'dLogM', dLogM, m.shape);
  },
  compose(inputs) {
    const [dm, dLogM, m] = [flatten(inputs.dm), flatten(inputs.dLogM), flatten(inputs.m)];
    const sum = sumMiddle(tf.add(tf.mul(m, dm), dLogM));
    return [tf.reshape(tf.add(dLogM, tf.mul(m, tf.sub(dm, sum))), inputs.m.shape)];
  },
});

/**
 * Softmax over groups and its logarithm. Kernel `TaggerGroupSoftmax`.
 *
 * Input logits [K, B, N]; outputs m, logM, both [K, B, N].
 */
export const groupSoftmaxOperation = /* @__PURE__ */ defineOperation<
  { logits: tf.Tensor3D },
  Record<string, never>,
  [tf.Tensor3D, tf.Tensor3D]
>({
  kernelName: 'TaggerGroupSoftmax',
  check: ({ logits }) => requireShape('groupSoftmax', 'logits', logits, [null, null, null]),
  compose({ logits }) {
    const x = flatten(logits);
    const shifted = tf.sub<tf.Tensor3D>(x, maxMiddle(x));
    const exponentials = expOfNonPositive(shifted);
    const sum = sumMiddle(exponentials);
    return [
      tf.reshape(tf.mul(exponentials, tf.reciprocal(sum)), logits.shape),
      tf.reshape(tf.sub(shifted, tf.log(sum)), logits.shape),
    ];
  },
  saves: { outputs: [true, false] },
  gradient: ([dm, dLogM], [m]) => ({
    logits: () =>
      groupSoftmaxGradientOperation({ dm: dm as tf.Tensor3D, dLogM: dLogM as tf.Tensor3D, m: m as tf.Tensor3D }, {})[0],
  }),
});

/** What {@link groupSoftmax} returns. */
export interface GroupSoftmax {
  /** Assignments, [K, B, N]; they sum to one over groups. */
  readonly m: tf.Tensor3D;
  /** Their logarithms, [K, B, N], finite even where m underflows to zero. */
  readonly logM: tf.Tensor3D;
}

/**
 * Softmax over groups, and its logarithm: `logM_k = x_k - log sum_h exp(x_h)`, `m_k = exp(logM_k)` (Eq. 3, 4). Gradients
 * flow through both.
 *
 * @param logits [K, B, N]
 * @throws TaggerError `INVALID_SHAPE` unless there are three axes
 */
export function groupSoftmax(logits: tf.Tensor3D): GroupSoftmax {
  const [m, logM] = groupSoftmaxOperation({ logits }, {});
  return { m, logM };
}
