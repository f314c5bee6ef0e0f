import type { Component, TensorTree } from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import type { Scalar, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/**
 * A corruption of inputs with its likelihood, modeling error, activation and cost.
 * Shapes: x and x~ are [B, N], z and dz [K, B, N]; m, log m and L are [K, B, P]. An input has P pixels of C channels next to
 * each other, N = P*C, and the channels of a pixel share its assignment. With one channel, P = N.
 *
 * Gradients flow through all methods except `corrupt`. The caller disposes returned tensors.
 */
export interface NoiseModel {
  /** x~: a corrupted copy of x. The same random stream gives the same corruption on every backend. */
  corrupt(x: Tensor2D, random: Random): Tensor2D;
  /** L: how well each group explains the corrupted input, normalized over groups. */
  assignmentLikelihood(corrupted: Tensor2D, z: Tensor3D): Tensor3D;
  /** dz: the modeling error of each group's prediction. Receives log m because m underflows. */
  modelingError(corrupted: Tensor2D, z: Tensor3D, m: Tensor3D, logM: Tensor3D): Tensor3D;
  /** zhat -> z: the sigmoid for binary inputs; for real ones zhat itself, the same tensor. */
  activatePrediction(zhat: Tensor3D): Tensor3D;
  /** Denoising cost against the clean input, mean over batch and elements. m and log m: see {@link modelingError}. */
  cost(x: Tensor2D, z: Tensor3D, m: Tensor3D, logM: Tensor3D): Scalar;
  /** The trained parameters: the variance of the Gaussian model, none for bit flips. */
  parameters(): TensorTree;
  /** Frees the parameters. */
  dispose(): void;
}

/** What a noise model needs to be created. */
export interface NoiseEnvironment {
  /** C: channels of a pixel, which share an assignment. @default 1 */
  readonly channels?: number;
  /**
   * Mean and standard deviation of the training data, over all elements. Placeholders when a saved model is rebuilt, because
   * its values come from the file.
   */
  readonly data?: { readonly mean: number; readonly standardDeviation: number };
}

/** The description of a noise model. */
export type NoiseComponent = Component<NoiseModel, NoiseEnvironment>;
