import { explainMissingGradient, globalNorm as normOf, TaggerError, type TensorTree } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

/** A cost and its gradients. The caller disposes both. */
export interface CostGradients {
  /** The cost's value. */
  readonly cost: tf.Scalar;
  /** By the parameters' names. */
  readonly gradients: Record<string, tf.Tensor>;
}

/**
 * Computes a cost and its gradient with respect to each parameter, by the parameters' names:
 *
 *     const { cost, gradients } = gradientsOf(() => tagger.run(x, { random, training: true }).cost, tagger.parameters());
 *
 * The cost may have further terms of TensorFlow.js operations: `tf.add(cost, tf.mul(0.1, classCost))`. Parameters that the
 * cost does not depend on have no gradient.
 *
 * @throws TaggerError `NO_GRADIENT` if an operation has no gradient
 */
export function gradientsOf(cost: () => tf.Scalar, parameters: TensorTree): CostGradients {
  const { value, grads } = explainMissingGradient(() => tf.variableGrads(cost, Object.values(parameters)));
  const gradients: Record<string, tf.Tensor> = {};
  for (const [name, variable] of Object.entries(parameters)) {
    const gradient = grads[variable.name];
    if (gradient !== undefined && gradient !== null) gradients[name] = gradient;
  }
  return { cost: value, gradients };
}

/** The norm of all gradients as one vector. The caller disposes it. */
export function globalNorm(gradients: Readonly<Record<string, tf.Tensor>>): tf.Scalar {
  return normOf(Object.values(gradients));
}

/**
 * Clips gradients by their global norm, `g <- g min(1, maximum / norm)` (Pascanu et al. 2013). Replaces and disposes the
 * tensors in `gradients`.
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
  const scale = clippingScale(norm, maximum);
  for (const [name, gradient] of Object.entries(gradients)) {
    gradients[name] = tf.mul(gradient, scale);
    gradient.dispose();
  }
  scale.dispose();
  return norm;
}

/** The factor that clips gradients of a norm, `min(1, maximum / norm)`. The caller disposes it. */
export function clippingScale(norm: tf.Scalar, maximum: number): tf.Scalar {
  // NaN stays NaN: clipping must not hide a broken gradient.
  return tf.tidy(() => tf.div(maximum, tf.maximum(norm, maximum)) as tf.Scalar);
}
