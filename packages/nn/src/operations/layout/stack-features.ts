import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';
import { requireShape } from '../../checks/shapes';

type Inputs = Record<string, tf.Tensor3D>;
type Attributes = {
  groups: number;
  batch: number;
  size: number;
  /** The largest number of planes of a feature. */
  channels?: number;
  /** Planes of each feature, if any has several. */
  planes?: readonly number[];
};

/** Inputs in the order of their numbers: `feature_0`, `feature_1`, ... */
const inOrder = (inputs: Inputs): tf.Tensor3D[] =>
  Object.keys(inputs).map((_, i) => inputs[`feature_${i}`] as tf.Tensor3D);

/** [R, a*b] -> [R, b*a]: from pixels with channels to planes, or back. */
const swapColumns = (x: tf.Tensor, rows: number, a: number, b: number) =>
  a === 1 || b === 1
    ? tf.reshape(x, [rows, a * b])
    : tf.reshape(tf.transpose(tf.reshape(x, [rows, a, b]), [0, 2, 1]), [rows, a * b]);

/**
 * Gradient of {@link stackFeaturesOperation}: splits the features again. Kernel `TaggerStackFeaturesGradient`.
 *
 * Input dy [K*B, F*N]; outputs F tensors [K, B, N]. Attributes K, B, N; planes, if a feature has several.
 */
export const stackFeaturesGradientOperation = /* @__PURE__ */ defineOperation<
  { dy: tf.Tensor2D },
  Attributes,
  tf.Tensor3D[]
>({
  kernelName: 'TaggerStackFeaturesGradient',
  check({ dy }, { groups, batch, size, planes }) {
    requireShape('stackFeaturesGradient', 'dy', dy, [groups * batch, null]);
    const count = planes?.reduce((sum, each) => sum + each, 0);
    if (size > 0 && (count === undefined ? dy.shape[1] % size === 0 : dy.shape[1] === count * size)) return;
    throw new TaggerError(
      'INVALID_SHAPE',
      `stackFeaturesGradient: 'dy' must have shape [${groups * batch}, ${count ?? 'F'}*${size}], got [${dy.shape}].`,
    );
  },
  compose: ({ dy }, { groups, batch, size, planes = Array<number>(dy.shape[1] / size).fill(1) }) => {
    let from = 0;
    return planes.map((count) => {
      // [K*B, C*N] of [K*B, F*N] -> [K, B, N*C]
      const columns = tf.slice(dy, [0, from], [groups * batch, count * size]);
      from += count * size;
      return tf.reshape(swapColumns(columns, groups * batch, count, size), [groups, batch, size * count]);
    });
  },
});

/**
 * Concatenates the features of each group, one row for each group and example. Kernel `TaggerStackFeatures`.
 *
 * Inputs `feature_0` .. `feature_(F-1)`, each [K, B, N]; output [K*B, F*N]. Attributes K, B, N, for the gradient. A feature of
 * pixels with C channels, [K, B, N*C], counts as C planes of N.
 */
export const stackFeaturesOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor2D]>({
  kernelName: 'TaggerStackFeatures',
  check(inputs, { groups, batch, size, planes }) {
    for (const [i, feature] of inOrder(inputs).entries()) {
      requireShape('stackFeatures', `feature_${i}`, feature, [groups, batch, size * (planes?.[i] ?? 1)]);
    }
  },
  compose: (inputs, { groups, batch, size }) => [
    // [K, B, N*C] -> [K*B, C*N], then side by side
    tf.concat(
      inOrder(inputs).map(
        (feature) => swapColumns(feature, groups * batch, size, feature.shape[2] / size) as tf.Tensor2D,
      ),
      1,
    ),
  ],
  gradient([dy], _saved, attributes) {
    const features = stackFeaturesGradientOperation({ dy: dy as tf.Tensor2D }, attributes);
    return Object.fromEntries(features.map((feature, i) => [`feature_${i}`, () => feature]));
  },
});

/**
 * Concatenates the features of each group: `[z, m, dz, L]`, each [K, B, N], to [K*B, 4N], the rows group-major.
 *
 * Features of pixels with C channels, [K, B, P*C], become C planes of P values each: with z and dz of that shape and m and L of
 * [K, B, P], the result is [K*B, (2C+2)P], in the order z_1 .. z_C, m, dz_1 .. dz_C, L.
 *
 * @param features at least one, all of shape [K, B, P] or [K, B, P*C]
 * @param options `channels`: C, 1 by default
 * @returns [K*B, F*N] for F features of one channel
 * @throws TaggerError `INVALID_SHAPE` if the shapes do not fit
 */
export function stackFeatures(
  features: readonly tf.Tensor3D[],
  { channels = 1 }: { readonly channels?: number } = {},
): tf.Tensor2D {
  const [first] = features;
  if (first === undefined || first.rank !== 3) {
    throw new TaggerError('INVALID_SHAPE', 'stackFeatures: pass at least one feature of shape [K, B, N].');
  }
  const [groups, batch, elements] = first.shape;
  const inputs = Object.fromEntries(features.map((feature, i) => [`feature_${i}`, feature]));
  if (channels === 1) return stackFeaturesOperation(inputs, { groups, batch, size: elements })[0];
  const size = Math.max(...features.map(({ shape }) => shape[2])) / channels;
  if (!Number.isInteger(size)) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `stackFeatures: ${size * channels} values are not a multiple of ${channels} channels.`,
    );
  }
  const planes = features.map(({ shape }) => (shape[2] === size ? 1 : channels));
  return stackFeaturesOperation(inputs, { groups, batch, size, channels, planes })[0];
}
