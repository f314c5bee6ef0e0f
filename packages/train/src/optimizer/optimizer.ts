import type { TensorTree } from '@taggerjs/nn';
import type * as tf from '@tensorflow/tfjs-core';

/** Moves parameters along their gradients. */
export interface Optimizer {
  /** Number of updates made so far. */
  readonly step: number;
  /**
   * One update. Parameters without a gradient stay as they are; the gradients remain the caller's.
   *
   * @param gradients by the parameters' names
   * @param learningRate step size of this update
   */
  update(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number): void;
  /** The optimizer's tensors by name, such as `W_h/m`: what a checkpoint keeps beside {@link Optimizer.step}. */
  state(): TensorTree;
  /** Sets the number of updates made, after the state was restored. */
  restoreStep(step: number): void;
  /** Frees the optimizer's tensors, not the parameters. */
  dispose(): void;
}
