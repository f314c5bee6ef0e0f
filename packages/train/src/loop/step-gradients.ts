import type { TensorTree } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { clippingScale, globalNorm, gradientsOf } from '../optimizer/gradients';

/** What a step minimizes, and what it reports. */
export interface StepCosts {
  /** What is minimized. */
  readonly cost: tf.Scalar;
  /** Denoising costs, by iteration or layer. */
  readonly costs: readonly tf.Scalar[];
  /** The classification cost without its weight, if there is one. */
  readonly classificationCost?: tf.Scalar;
}

/** The gradients of a step, and its costs as numbers. The caller disposes the tensors. */
export interface StepGradients {
  /** Before clipping. */
  readonly gradients: Readonly<Record<string, tf.Tensor>>;
  /** The factor of the gradients that clips them, if they are clipped. */
  readonly scale?: tf.Scalar;
  readonly report: {
    readonly cost: number;
    readonly costs: readonly number[];
    readonly classificationCost?: number;
    /** Before clipping. */
    readonly gradientNorm: number;
  };
}

/**
 * Differentiates the cost of a step.
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
  let made: tf.TensorContainerObject = {};
  let finite = false;
  try {
    let classifies = false;
    const { cost: total, gradients } = gradientsOf(() => {
      const { cost, costs: denoising, classificationCost } = costs();
      classifies = classificationCost !== undefined;
      // Kept, because the scope of the gradients ends before they are read.
      scalars.push(
        ...[...denoising, ...(classificationCost ? [classificationCost] : [])].map((scalar) => tf.keep(scalar)),
      );
      return cost;
    }, parameters);
    made = { gradients };
    scalars.push(total);
    const norm = globalNorm(gradients);
    scalars.push(norm);
    const scale = clipNorm === null ? {} : { scale: clippingScale(norm, clipNorm) };
    made = { gradients, ...scale };

    const values = await readScalars(scalars);
    finite = values.every(Number.isFinite);
    if (!finite) return undefined;
    const gradientNorm = values.pop() as number;
    const cost = values.pop() as number;
    const classificationCost = classifies ? { classificationCost: values.pop() as number } : {};
    return { gradients, ...scale, report: { cost, costs: values, ...classificationCost, gradientNorm } };
  } finally {
    tf.dispose(scalars);
    if (!finite) tf.dispose(made);
  }
}

/** The values of scalars, in one transfer from the device. */
async function readScalars(scalars: readonly tf.Scalar[]): Promise<number[]> {
  const all = tf.stack([...scalars]);
  try {
    return Array.from(await all.data());
  } finally {
    all.dispose();
  }
}
