import { explainMissingGradient, sumOfSquares, TaggerError, weightedSum, type TensorTree } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

/** A cost and its gradients. The caller disposes both. */
export interface CostGradients {
  /** The cost's value. */
  readonly cost: tf.Scalar;
  /** By the parameters' names. */
  readonly gradients: Record<string, tf.Tensor>;
}

/** The gradient of a scalar cost with respect to every parameter it depends on. */
export function gradientsOf(cost: () => tf.Scalar, parameters: TensorTree): CostGradients {
  const { value, grads } = explainMissingGradient(() => tf.variableGrads(cost, Object.values(parameters)));
  const gradients: Record<string, tf.Tensor> = {};
  for (const [name, variable] of Object.entries(parameters)) {
    const gradient = grads[variable.name];
    if (gradient !== undefined && gradient !== null) gradients[name] = gradient;
  }
  return { cost: value, gradients };
}

/** The norm of all gradients taken as one vector. The caller disposes it. */
export function globalNorm(gradients: Readonly<Record<string, tf.Tensor>>): tf.Scalar {
  return tf.tidy(() => {
    const squares = Object.values(gradients).map((gradient) => sumOfSquares(gradient));
    return tf.sqrt(
      weightedSum(
        squares,
        squares.map(() => 1),
      ),
    );
  });
}

/**
 * Clips gradients by their global norm, `g <- g min(1, maximum / norm)` (Pascanu et al. 2013), in place of the tensors
 * given, which are disposed.
 *
 * @param maximum the largest norm, above 0 and finite
 * @returns the norm before clipping; the caller disposes it
 * @throws TaggerError `INVALID_OPTION`
 */
export function clipByGlobalNorm(gradients: Record<string, tf.Tensor>, maximum: number): tf.Scalar {
  if (!(maximum > 0 && maximum < Infinity)) {
    throw new TaggerError('INVALID_OPTION', `clipByGlobalNorm: the norm must be positive and finite, not ${maximum}.`);
  }
  const norm = globalNorm(gradients);
  // NaN stays NaN: a broken gradient must not be clipped into a whole one.
  const scale = tf.tidy(() => tf.div(maximum, tf.maximum(norm, maximum)) as tf.Scalar);
  for (const [name, gradient] of Object.entries(gradients)) {
    gradients[name] = tf.mul(gradient, scale);
    gradient.dispose();
  }
  scale.dispose();
  return norm;
}
