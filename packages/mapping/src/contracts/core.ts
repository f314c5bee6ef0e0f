import type { Component, Statistics, TensorTree } from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/** The context of a call of a core or a mapping. */
export interface CoreContext {
  /** Iteration of the TAG loop, 0-based. */
  readonly iteration: number;
  /** Whether gradients will be taken. */
  readonly training: boolean;
  /** Random numbers for this call, such as for dropout. The same call gets the same numbers. */
  readonly random: Random;
  /** Number of groups K. Rows are group-major, [K*B, ...]. */
  readonly groups: number;
  /**
   * - `'batch'`: those of the current rows (for training; the paper's authors also tested with them)
   * - `'calibrate'`: the same, which are also accumulated in the state, per iteration
   * - `'calibrated'`: the accumulated ones
   */
  readonly statistics: Statistics;
  /** Whether to return the top activation, if there is one. @default false */
  readonly topActivation?: boolean;
  /**
   * The value of each plane of the input, NaN for those that vary: of z, m, dz and L with one channel. A core can save the
   * work for the constant ones, or ignore this. At the first iteration z is one constant, so L is 1/K. @default all vary
   */
  readonly constants?: readonly number[];
}

/**
 * The outputs of a call of a core. The caller disposes them, so they must be new tensors: not the input, not a parameter,
 * and not the same tensor twice.
 */
export interface CoreOutput {
  /** zhat: [K*B, N], before the noise model's activation. The channels of a pixel are next to each other, N = P*C. */
  readonly predictionLogits: Tensor2D;
  /** mhat: [K*B, P], before the softmax over groups. With one channel, P = N. */
  readonly assignmentLogits: Tensor2D;
  /** Class probabilities of each row, [K*B, C + 1], the last meaning "no object". Only from cores that classify. */
  readonly classProbabilities?: Tensor2D;
  /** Activation of the mapping's top layer, [K*B, any]. On request, of mappings that have one, such as the Ladder. */
  readonly topActivation?: Tensor2D;
}

/**
 * The learned part of a Tagger: [z, m, dz, L] -> zhat, mhat. All groups and iterations share its parameters.
 * You can replace it; {@link projected} builds a core from a {@link ParametricMapping}.
 */
export interface Core {
  /**
   * input: [K*B, (2C+2)P], planes of P values in the order z_1 .. z_C, m, dz_1 .. dz_C, L. With one channel [K*B, 4N]: z, m,
   * dz, L.
   */
  apply(input: Tensor2D, context: CoreContext): CoreOutput;
  /** The trained parameters. */
  parameters(): TensorTree;
  /** State that is not trained: calibrated statistics. May grow with calibration. */
  state(): TensorTree;
  /**
   * Replaces the state by zeros of the given names and shapes, so that saved values can be written into it. Cores without
   * state may omit it.
   */
  prepareState?(names: Readonly<Record<string, readonly number[]>>): void;
  /** Frees parameters and state. */
  dispose(): void;
}

/** What a core needs to be created. */
export interface CoreEnvironment {
  /** Elements of an input, N. */
  readonly inputSize: number;
  /** C: channels of a pixel, which share an assignment, so an input has P = N/C pixels. @default 1 */
  readonly channels?: number;
  /** Shape of an input without the batch axis, such as [rows, columns] or [rows, columns, channels]; its product is N. */
  readonly inputShape: readonly number[];
  /** Random numbers for the initial values. */
  readonly random: Random;
  /**
   * Mean and standard deviation of the training data, over all elements, for `predictionInit: 'data'`. Placeholders when a
   * saved model is rebuilt, because its values come from the file.
   */
  readonly data?: { readonly mean: number; readonly standardDeviation: number };
  /**
   * Call it with the number of values before you create parameters that are not drawn from {@link CoreEnvironment.random}.
   * It throws if a model from a file would be far larger than the file. Absent if there is no limit.
   */
  readonly reserve?: (count: number) => void;
}

/** The description of a core. */
export type CoreComponent = Component<Core, CoreEnvironment>;
