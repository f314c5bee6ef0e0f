import type { Component, Statistics, TensorTree } from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/** What a core or a mapping is told about the call. */
export interface CoreContext {
  /** Iteration of the TAG loop, 0-based. */
  readonly iteration: number;
  /** Whether gradients will be taken. */
  readonly training: boolean;
  /** Random numbers for this call alone (dropout, say). The same call has the same numbers. */
  readonly random: Random;
  /** Number of groups K; the rows are group-major, [K*B, ...]. */
  readonly groups: number;
  /**
   * - `'batch'`: statistics of the rows at hand (training, and what the paper's authors tested with)
   * - `'calibrate'`: the same, and they are accumulated in the state, by iteration
   * - `'calibrated'`: the accumulated ones
   */
  readonly statistics: Statistics;
  /** Whether to return the top activation, if there is one. @default false */
  readonly topActivation?: boolean;
}

/**
 * What one application of a core returns. The tensors are the caller's, who disposes them: never the input, a parameter
 * or one another.
 */
export interface CoreOutput {
  /** zhat: [K*B, N], before the noise model's activation. */
  readonly predictionLogits: Tensor2D;
  /** mhat: [K*B, N], before the softmax over groups. */
  readonly assignmentLogits: Tensor2D;
  /** Class probabilities of each row, [K*B, C + 1], the last meaning "no object". Only of cores that classify. */
  readonly classProbabilities?: Tensor2D;
  /** Activation of the mapping's top layer, [K*B, any]. On request, of mappings that have one, such as the Ladder. */
  readonly topActivation?: Tensor2D;
}

/**
 * The learned part of a Tagger: [z, m, dz, L] -> zhat, mhat. The same parameters serve every group and iteration.
 * This is what one may swap whole; {@link projected} makes a core of a {@link ParametricMapping}.
 */
export interface Core {
  /** input: [K*B, 4N], the concatenation of z, m, dz, L in this order. */
  apply(input: Tensor2D, context: CoreContext): CoreOutput;
  /** What is trained. */
  parameters(): TensorTree;
  /** What is not trained, but belongs to the model: calibrated statistics. May grow with calibration. */
  state(): TensorTree;
  /**
   * Makes the state whose names are given exist (as zeros), so that saved values can be written into it; forgets other
   * state. Absent where a core never has any.
   */
  prepareState?(names: Readonly<Record<string, readonly number[]>>): void;
  /** Frees parameters and state. */
  dispose(): void;
}

/** What a core is made for. */
export interface CoreEnvironment {
  /** Elements of an input, N. */
  readonly inputSize: number;
  /** Shape of an input without the batch axis; its product is N. */
  readonly inputShape: readonly number[];
  /** Random numbers for the initial values. */
  readonly random: Random;
  /**
   * Mean and standard deviation of the training data, over all elements: what `predictionInit: 'data'` needs. When a
   * saved model is rebuilt, stand-ins: its values come from the file.
   */
  readonly data?: { readonly mean: number; readonly standardDeviation: number };
  /**
   * To be called before numbers are made that are not drawn from {@link CoreEnvironment.random}, with how many: it throws
   * where a model comes from a file that cannot hold so many. Absent where there is no such limit.
   */
  readonly reserve?: (count: number) => void;
}

/** A core described, but not yet made. */
export type CoreComponent = Component<Core, CoreEnvironment>;
