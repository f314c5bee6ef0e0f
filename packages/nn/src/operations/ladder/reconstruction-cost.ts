import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../../operation';
import type { VectorOrScalar } from '../normalization/normalize';
import { sumAll, sumColumns } from '../../composition/reductions';
import { requireShape } from '../../checks/shapes';

type Inputs = { reconstruction: tf.Tensor2D; clean: tf.Tensor2D; mean: VectorOrScalar; inverseStd: VectorOrScalar };
type Attributes = {
  /** Whether the reconstruction is normalized; if not, mean and inverseStd are unused scalars. */
  hasStatistics: boolean;
};

/** The difference that is squared: the normalized reconstruction minus its target, [R, D] */
const errorOf = ({ reconstruction, clean, mean, inverseStd }: Inputs, { hasStatistics }: Attributes): tf.Tensor2D =>
  tf.tidy(() =>
    tf.sub(hasStatistics ? tf.mul(tf.sub(reconstruction, mean), inverseStd) : reconstruction, clean),
  ) as tf.Tensor2D;

/**
 * Gradient of {@link reconstructionCostOperation}. Kernel `TaggerReconstructionCostGradient`.
 *
 * With e = (reconstruction - mean) inverseStd - clean and g = 2 dy e / (R D):
 *
 *     g inverseStd                               for the reconstruction
 *     -g                                         for clean
 *     -inverseStd sum over rows of g             for the mean
 *     sum over rows of g (reconstruction - mean) for inverseStd
 *
 * Inputs: dy [], and those of the operation; outputs: [R, D], [R, D], and two of the statistics' shapes (the scalar 0
 * if absent).
 */
export const reconstructionCostGradientOperation = /* @__PURE__ */ defineOperation<
  Inputs & { dy: tf.Scalar },
  Attributes,
  [tf.Tensor2D, tf.Tensor2D, VectorOrScalar, VectorOrScalar]
>({
  kernelName: 'TaggerReconstructionCostGradient',
  check({ dy, ...inputs }, attributes) {
    checkShapes('reconstructionCostGradient', inputs, attributes);
    requireShape('reconstructionCostGradient', 'dy', dy, []);
  },
  compose({ dy, ...inputs }, attributes) {
    const { reconstruction, mean, inverseStd } = inputs;
    const g = tf.tidy(() => tf.mul(errorOf(inputs, attributes), tf.mul(dy, 2 / reconstruction.size))) as tf.Tensor2D;
    if (!attributes.hasStatistics) return [tf.clone(g), tf.neg(g), tf.scalar(0), tf.scalar(0)];
    return [
      tf.mul(g, inverseStd),
      tf.neg(g),
      tf.neg(tf.mul<tf.Tensor1D>(sumColumns(g), inverseStd)),
      sumColumns(tf.mul(g, tf.sub(reconstruction, mean))),
    ];
  },
});

/**
 * The denoising cost of one layer of a Ladder; see {@link reconstructionCost}. Kernel `TaggerReconstructionCost`.
 *
 * Inputs: reconstruction and clean [R, D], mean and inverseStd [D] (scalars if `hasStatistics` is false); output a
 * scalar. All four have gradients.
 */
export const reconstructionCostOperation = /* @__PURE__ */ defineOperation<Inputs, Attributes, [tf.Scalar]>({
  kernelName: 'TaggerReconstructionCost',
  check: (inputs, attributes) => checkShapes('reconstructionCost', inputs, attributes),
  compose(inputs, attributes) {
    const error = errorOf(inputs, attributes);
    return [tf.mul(sumAll(tf.mul(error, error)), 1 / error.size)];
  },
  saves: { inputs: ['reconstruction', 'clean', 'mean', 'inverseStd'] },
  gradient([dy], saved, attributes) {
    const [reconstruction, clean, mean, inverseStd] = saved as [
      tf.Tensor2D,
      tf.Tensor2D,
      VectorOrScalar,
      VectorOrScalar,
    ];
    const inputs = { dy: dy as tf.Scalar, reconstruction, clean, mean, inverseStd };
    const [dReconstruction, dClean, dMean, dInverseStd] = reconstructionCostGradientOperation(inputs, attributes);
    return {
      reconstruction: () => dReconstruction,
      clean: () => dClean,
      mean: () => dMean,
      inverseStd: () => dInverseStd,
    };
  },
});

/**
 * The denoising cost of one layer of a Ladder (Rasmus et al. 2015, Eq. 3 and 4): the squared distance of its
 * reconstruction, normalized by the statistics of the clean layer, from the clean layer, mean over rows and units.
 *
 *     cost = mean ( (reconstruction - mean) inverseStd - clean )^2
 *
 * Gradients flow to all four.
 *
 * @param reconstruction shat_l: [R, D]
 * @param clean s_l of the clean path, normalized already: [R, D]
 * @param statistics of the clean path's layer before normalization, [D] each, as {@link standardize} gives them; without them
 * the reconstruction is not normalized, as at the input
 * @returns a scalar
 * @throws TaggerError `INVALID_SHAPE`
 */
export function reconstructionCost(
  reconstruction: tf.Tensor2D,
  clean: tf.Tensor2D,
  statistics?: { readonly mean: tf.Tensor1D; readonly inverseStd: tf.Tensor1D },
): tf.Scalar {
  return tf.tidy(() => {
    const { mean, inverseStd } = statistics ?? { mean: tf.scalar(0), inverseStd: tf.scalar(1) };
    const attributes = { hasStatistics: statistics !== undefined };
    return reconstructionCostOperation({ reconstruction, clean, mean, inverseStd }, attributes)[0];
  });
}

function checkShapes(operation: string, inputs: Inputs, { hasStatistics }: Attributes): void {
  const { reconstruction, clean, mean, inverseStd } = inputs;
  requireShape(operation, 'reconstruction', reconstruction, [null, null]);
  requireShape(operation, 'clean', clean, reconstruction.shape);
  const shape = hasStatistics ? [reconstruction.shape[1]] : [];
  requireShape(operation, 'mean', mean, shape);
  requireShape(operation, 'inverseStd', inverseStd, shape);
}
