import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';
import { requireShape } from '../../checks/shapes';

type Attributes = { sharpness: number };

/** [R, 2J] as pairs, [R, J, 2]. */
const pairs = (x: tf.Tensor2D): tf.Tensor3D => tf.reshape(x, [x.shape[0], x.shape[1] / 2, 2]);

/** The share of each pair, [R, J]: softmax of sharpness (a_j^2 + b_j^2)/2. */
function shares(x: tf.Tensor2D, sharpness: number): tf.Tensor2D {
  const energies = tf.mul<tf.Tensor2D>(tf.sum(tf.square(pairs(x)), 2), sharpness / 2);
  return tf.softmax(energies);
}

/**
 * Gradient of {@link compete}. With g the shares and s_j = dy_(j,1) a_j + dy_(j,2) b_j:
 *
 *     dx = g dy + sharpness g_j (s_j - sum_i g_i s_i) x
 *
 * Kernel `TaggerCompeteGradient`. Inputs dy, x [R, 2J]; attribute: sharpness; output [R, 2J].
 */
export const competeGradientOperation = /* @__PURE__ */ defineOperation<
  { dy: tf.Tensor2D; x: tf.Tensor2D },
  Attributes,
  [tf.Tensor2D]
>({
  kernelName: 'TaggerCompeteGradient',
  check({ dy, x }, attributes) {
    check('competeGradient', x, attributes);
    requireShape('competeGradient', 'dy', dy, x.shape);
  },
  compose({ dy, x }, { sharpness }) {
    const g = shares(x, sharpness);
    const s = tf.sum<tf.Tensor2D>(pairs(tf.mul(dy, x)), 2);
    const mean = tf.sum(tf.mul(g, s), 1, true);
    const ofShare = tf.mul<tf.Tensor2D>(tf.mul(g, tf.sub(s, mean)), sharpness);
    const dx = tf.add(tf.mul(tf.expandDims(g, 2), pairs(dy)), tf.mul(tf.expandDims(ofShare, 2), pairs(x)));
    return [tf.reshape(dx, x.shape)];
  },
});

/**
 * Pairs of numbers that compete; see {@link compete}. Kernel `TaggerCompete`. Input x [R, 2J]; attribute: sharpness;
 * output [R, 2J].
 */
export const competeOperation = /* @__PURE__ */ defineOperation<{ x: tf.Tensor2D }, Attributes, [tf.Tensor2D]>({
  kernelName: 'TaggerCompete',
  check: ({ x }, attributes) => check('compete', x, attributes),
  compose: ({ x }, { sharpness }) => [tf.reshape(tf.mul(tf.expandDims(shares(x, sharpness), 2), pairs(x)), x.shape)],
  saves: { inputs: ['x'] },
  gradient: ([dy], [x], attributes) => ({
    x: () => competeGradientOperation({ dy: dy as tf.Tensor2D, x: x as tf.Tensor2D }, attributes)[0],
  }),
});

/**
 * Competition between pairs of numbers, such as the sine and cosine part of a wave. The softmax of the energies over the
 * row weights each pair, so that the strongest suppress the others.
 *
 *     g_j = softmax over j of sharpness (a_j^2 + b_j^2) / 2,   y_j = g_j (a_j, b_j)
 *
 * @param x the pairs side by side, a_1 b_1 a_2 b_2 ..: [R, 2J]
 * @param options `sharpness`: the strength of the competition, 0 or above; at 0, y = x / J
 * @returns [R, 2J]
 * @throws TaggerError `INVALID_SHAPE` if the columns are not pairs, `INVALID_OPTION` if the sharpness is negative or
 *   not finite
 */
export function compete(x: tf.Tensor2D, { sharpness }: { readonly sharpness: number }): tf.Tensor2D {
  return competeOperation({ x }, { sharpness })[0];
}

function check(operation: string, x: tf.Tensor2D, { sharpness }: Attributes): void {
  if (!(Number.isFinite(sharpness) && sharpness >= 0)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${operation}: sharpness must be a finite number of 0 or above, not ${sharpness}.`,
    );
  }
  if (x.rank !== 2 || (x.shape[1] as number) % 2 !== 0 || x.shape[1] === 0) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `${operation}: x must be a matrix with an even number of columns, [R, 2J], got [${x.shape}].`,
    );
  }
}
