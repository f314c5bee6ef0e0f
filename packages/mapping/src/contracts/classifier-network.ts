import type { Component, Statistics, TensorTree } from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';

/** The rows of one training step of a classifier. */
export interface ClassifierInputs {
  /** The inputs whose classes are known. [B, N] */
  readonly labeled: Tensor2D;
  /** The number of objects of each class in each input. [B, C] */
  readonly targets: Tensor2D;
  /** Inputs of unknown class, for networks that also learn from them. [B', N] */
  readonly unlabeled?: Tensor2D;
}

/** The costs of a training step of a classifier. The caller disposes the tensors. */
export type ClassifierCost = {
  /** The weighted sum of all costs, which training minimizes. */
  readonly cost: Scalar;
  /** The classification cost of the labeled half. */
  readonly classificationCost: Scalar;
  /** Unweighted denoising costs of the unlabeled half, one per layer that has one, from the input up. */
  readonly denoisingCosts: Scalar[];
};

/** A network that classifies its inputs: the Ladder, a convolutional network, or your own. */
export interface ClassifierNetwork {
  /**
   * The cost of a training step, each half normalized by its own statistics.
   *
   * @param context.random random numbers for this step, such as for noise and dropout
   */
  cost(inputs: ClassifierInputs, context: { readonly random: Random }): ClassifierCost;
  /**
   * Class probabilities, without noise: [B, N] -> [B, C], rows summing to one. `'calibrate'` also accumulates the
   * statistics of batch normalization in the state; `'calibrated'` uses them.
   */
  predict(x: Tensor2D, context: { readonly statistics: Statistics }): Tensor2D;
  /** The trained parameters. */
  parameters(): TensorTree;
  /** State that is not trained: calibrated statistics. */
  state(): TensorTree;
  /** Replaces the state by zeros of the given names and shapes. Networks without state may omit it. */
  prepareState?(names: Readonly<Record<string, readonly number[]>>): void;
  /** Frees parameters and state. */
  dispose(): void;
}

/** What a classifier's network needs to be created. */
export interface ClassifierEnvironment {
  /** Shape of an input without the batch axis; its product is N. */
  readonly inputShape: readonly number[];
  /** Number of classes C. */
  readonly classes: number;
  /** Random numbers for the initial values. */
  readonly random: Random;
}

/** The description of a classifier's network. */
export type ClassifierComponent = Component<ClassifierNetwork, ClassifierEnvironment>;
