import type { TensorTree } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { clipByGlobalNorm, globalNorm, gradientsOf } from '../optimizer/gradients';

/** What a step minimizes, and what it reports. */
export interface StepCosts {
  /** What is minimized. */
  readonly cost: tf.Scalar;
  /** Denoising costs, by iteration or layer. */
  readonly costs: readonly tf.Scalar[];
  /** The classification cost without its weight, if there is one. */
  readonly classificationCost?: tf.Scalar;
}

/** The gradients of a step, and its costs as numbers. The caller disposes the gradients. */
export interface StepGradients {
  readonly gradients: Readonly<Record<string, tf.Tensor>>;
  readonly report: {
    readonly cost: number;
    readonly costs: readonly number[];
    readonly classificationCost?: number;
    /** Before clipping. */
    readonly gradientNorm: number;
  };
}

/**
 * Differentiates the cost of a step and clips the gradients.
 *
 * @param costs computes the costs, once
 * @returns undefined if a cost or the norm of the gradients is not finite
 */
export async function stepGradients(
  costs: () => StepCosts,
  parameters: TensorTree,
  clipNorm: number | null,
): Promise<StepGradients | undefined> {
  const scalars: tf.Scalar[] = [];
  let gradients: Record<string, tf.Tensor> = {};
  let finite = false;
  try {
    let classifies = false;
    const differentiated = gradientsOf(() => {
      const { cost, costs: denoising, classificationCost } = costs();
      classifies = classificationCost !== undefined;
      // Kept, because the scope of the gradients ends before they are read.
      scalars.push(
        ...[...denoising, ...(classificationCost ? [classificationCost] : [])].map((scalar) => tf.keep(scalar)),
      );
      return cost;
    }, parameters);
    gradients = differentiated.gradients;
    scalars.push(differentiated.cost);
    scalars.push(clipNorm === null ? globalNorm(gradients) : clipByGlobalNorm(gradients, clipNorm));

    const values: number[] = [];
    for (const scalar of scalars) values.push((await scalar.data())[0] as number);
    finite = values.every(Number.isFinite);
    if (!finite) return undefined;
    const gradientNorm = values.pop() as number;
    const cost = values.pop() as number;
    const classificationCost = classifies ? { classificationCost: values.pop() as number } : {};
    return { gradients, report: { cost, costs: values, ...classificationCost, gradientNorm } };
  } finally {
    tf.dispose(scalars);
    if (!finite) tf.dispose(gradients);
  }
}
