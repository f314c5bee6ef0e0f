import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from '../../errors';
import { defineOperation } from '../../operation';
import { requireShape } from '../../checks/shapes';

type Inputs = Record<string, tf.Tensor3D>;
type Attributes = { groups: number; batch: number; size: number };

/** Inputs in the order of their numbers: `feature_0`, `feature_1`, ... */
const inOrder = (inputs: Inputs): tf.Tensor3D[] =>
  Object.keys(inputs).map((_, i) => inputs[`feature_${i}`] as tf.Tensor3D);

/**
 * Gradient of {@link stackFeaturesOperation}: splits the features again. Kernel `TaggerStackFeaturesGradient`.
 *
 * Input dy [K*B, F*N]; outputs F tensors [K, B, N]. Attributes K, B, N.
 */
export const stackFeaturesGradientOperation = /* @__PURE__ */ defineOperation<
  { dy: tf.Tensor2D },
  Attributes,
  tf.Tensor3D[]
>({
  kernelName: 'TaggerStackFeaturesGradient',
  check({ dy }, { groups, batch, size }) {
    requireShape('stackFeaturesGradient', 'dy', dy, [groups * batch, null]);
    if (size > 0 && dy.shape[1] % size === 0) return;
    throw new TaggerError(
      'INVALID_SHAPE',
      `stackFeaturesGradient: 'dy' must have shape [${groups * batch}, F*${size}], got [${dy.shape}].`,
    );
  },
  compose: ({ dy }, { groups, batch, size }) =>
    Array.from({ length: dy.shape[1] / size }, (_, i) =>
      // [K*B, N] of [K*B, F*N] -> [K, B, N]
      tf.reshape(tf.slice(dy, [0, i * size], [groups * batch, size]), [groups, batch, size]),
    ),
});

/**
 * Concatenates the features of each group, one row for each group and example. Kernel `TaggerStackFeatures`.
 *
 * Inputs `feature_0` .. `feature_(F-1)`, each [K, B, N]; output [K*B, F*N]. Attributes K, B, N, for the gradient.
 */
export const stackFeaturesOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Tensor2D]>({
  kernelName: 'TaggerStackFeatures',
  check(inputs, { groups, batch, size }) {
    for (const [name, feature] of Object.entries(inputs)) {
      requireShape('stackFeatures', name, feature, [groups, batch, size]);
    }
  },
  compose: (inputs, { groups, batch, size }) => [
    // [K, B, N] -> [K*B, N], then side by side
    tf.concat(
      inOrder(inputs).map((feature) => tf.reshape(feature, [groups * batch, size]) as tf.Tensor2D),
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
 * @param features at least one, all of shape [K, B, N]
 * @returns [K*B, F*N] for F features
 * @throws TaggerError `INVALID_SHAPE` if the shapes differ
 */
export function stackFeatures(features: readonly tf.Tensor3D[]): tf.Tensor2D {
  const [first] = features;
  if (first === undefined || first.rank !== 3) {
    throw new TaggerError('INVALID_SHAPE', 'stackFeatures: pass at least one feature of shape [K, B, N].');
  }
  const [groups, batch, size] = first.shape;
  return stackFeaturesOperation(Object.fromEntries(features.map((feature, i) => [`feature_${i}`, feature])), {
    groups,
    batch,
    size,
  })[0];
}
