import type { Component, Norm, TensorTree } from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import type { CoreContext } from './core';

/**
 * What one application of a mapping returns. The tensors are the caller's, who disposes them: never the input, a
 * parameter or one another.
 */
export interface MappingOutput {
  /** [rows, H] */
  readonly output: Tensor2D;
  /** Class probabilities, [rows, C + 1], the last meaning "no object". Only of mappings that classify. */
  readonly classProbabilities?: Tensor2D;
  /** Activation of the top layer, [rows, any]. If `context.topActivation` asks for it and the mapping has one. */
  readonly topActivation?: Tensor2D;
}

/** A learned function of the hidden representation, [rows, H] -> [rows, H]: the Ladder, an MLP, or one's own. */
export interface ParametricMapping {
  /** hidden: [rows, H], the hidden representation, rows = K*B, group-major. */
  apply(hidden: Tensor2D, context: CoreContext): MappingOutput;
  /** What is trained. */
  parameters(): TensorTree;
  /** What is not trained, but belongs to the mapping: calibrated statistics. */
  state(): TensorTree;
  /** As {@link Core.prepareState}. */
  prepareState?(names: Readonly<Record<string, readonly number[]>>): void;
  /** Frees parameters and state. */
  dispose(): void;
}

/** What a mapping is made for. */
export interface MappingEnvironment {
  /** Hidden size H, of the input and the output. */
  readonly hiddenSize: number;
  /** The core's normalization: what a mapping takes where its options name none. */
  readonly norm: Norm;
  /** Random numbers for the initial values. */
  readonly random: Random;
}

/** A mapping described, but not yet made. */
export type MappingComponent = Component<ParametricMapping, MappingEnvironment>;
