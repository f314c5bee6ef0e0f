import type { TensorTree } from '@taggerjs/nn';
import type * as tf from '@tensorflow/tfjs-core';

import type { Ema } from './ema';

/** Options of {@link Optimizer.update}. */
export interface UpdateOptions {
  /** Factor of all gradients, such as that of clipping. @default 1 */
  readonly scale?: tf.Scalar;
  /** An average of the same parameters, updated as by `ema.update()`. @default none */
  readonly ema?: Ema;
}

/** Updates parameters from their gradients. */
export interface Optimizer {
  /** Number of updates so far. */
  readonly step: number;
  /**
   * Makes one update. Parameters without a gradient do not change. The gradients remain the caller's.
   *
   * @param gradients by the parameters' names
   * @param learningRate step size of this update
   * @param options clipping, and an average to update in the same pass
   */
  update(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number, options?: UpdateOptions): void;
  /** The optimizer's tensors by name, such as `W_h/m`: what a checkpoint saves, with {@link Optimizer.step}. */
  state(): TensorTree;
  /** Sets the number of updates after the state was restored. */
  restoreStep(step: number): void;
  /** Frees the optimizer's tensors, but not the parameters. */
  dispose(): void;
}
