import type { TensorTree } from '@taggerjs/nn';
import type * as tf from '@tensorflow/tfjs-core';

/** Updates parameters from their gradients. */
export interface Optimizer {
  /** Number of updates so far. */
  readonly step: number;
  /**
   * Makes one update. Parameters without a gradient do not change. The gradients remain the caller's.
   *
   * @param gradients by the parameters' names
   * @param learningRate step size of this update
   */
  update(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number): void;
  /** The optimizer's tensors by name, such as `W_h/m`: what a checkpoint saves, with {@link Optimizer.step}. */
  state(): TensorTree;
  /** Sets the number of updates after the state was restored. */
  restoreStep(step: number): void;
  /** Frees the optimizer's tensors, but not the parameters. */
  dispose(): void;
}
