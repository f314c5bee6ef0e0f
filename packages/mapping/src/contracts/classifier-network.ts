import type { Component, Statistics, TensorTree } from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';

/** The rows of one training step of a classifier. */
export interface ClassifierInputs {
  /** The inputs whose classes are known. [B, N] */
  readonly labelled: Tensor2D;
  /** How many objects of each class each of them has. [B, C] */
  readonly targets: Tensor2D;
  /** Inputs whose classes are not known, for networks that learn from them too. [B', N] */
  readonly unlabelled?: Tensor2D;
}

/** What a step of a classifier minimizes. The tensors are the caller's, who disposes them. */
export type ClassifierCost = {
  /** The sum of all, each with its weight. */
  readonly cost: Scalar;
  /** The classification cost of the labelled half. */
  readonly classificationCost: Scalar;
  /** Denoising costs of the unlabelled half, without their weights, of the layers that have one, from the input on. */
  readonly denoisingCosts: Scalar[];
};

/** A network that classifies its inputs: the Ladder, a convolutional network, or one's own. */
export interface ClassifierNetwork {
  /**
   * The cost of a training step, each half normalized by its own statistics.
   *
   * @param context.random random numbers for this step alone: noise, dropout
   */
  cost(inputs: ClassifierInputs, context: { readonly random: Random }): ClassifierCost;
  /**
   * Class probabilities, without noise: [B, N] -> [B, C], rows summing to one. `'calibrate'` accumulates statistics of
   * batch normalization in the state on the way, `'calibrated'` takes them.
   */
  predict(x: Tensor2D, context: { readonly statistics: Statistics }): Tensor2D;
  /** What is trained. */
  parameters(): TensorTree;
  /** What is not trained, but belongs to the network: calibrated statistics. */
  state(): TensorTree;
  /** Makes the state whose names are given exist (as zeros), and forgets other state. Absent where there never is any. */
  prepareState?(names: Readonly<Record<string, readonly number[]>>): void;
  /** Frees parameters and state. */
  dispose(): void;
}

/** What a classifier's network is made for. */
export interface ClassifierEnvironment {
  /** Shape of an input without the batch axis; its product is N. */
  readonly inputShape: readonly number[];
  /** Number of classes C. */
  readonly classes: number;
  /** Random numbers for the initial values. */
  readonly random: Random;
}

/** A classifier's network described, but not yet made. */
export type ClassifierComponent = Component<ClassifierNetwork, ClassifierEnvironment>;
