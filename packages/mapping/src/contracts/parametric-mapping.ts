import type { Component, Norm, TensorTree } from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import type { CoreContext } from './core';

/**
 * The outputs of a call of a mapping. The caller disposes them, so they must be new tensors: not the input, not a
 * parameter, and not the same tensor twice.
 */
export interface MappingOutput {
  /** [rows, H] */
  readonly output: Tensor2D;
  /** Class probabilities, [rows, C + 1], the last meaning "no object". Only from mappings that classify. */
  readonly classProbabilities?: Tensor2D;
  /** Activation of the top layer, [rows, any]. If `context.topActivation` asks for it and the mapping has one. */
  readonly topActivation?: Tensor2D;
}

/** A learned function of the hidden representation, [rows, H] -> [rows, H]: the Ladder, an MLP, or your own. */
export interface ParametricMapping {
  /** hidden: [rows, H], the hidden representation, rows = K*B, group-major. */
  apply(hidden: Tensor2D, context: CoreContext): MappingOutput;
  /** The trained parameters. */
  parameters(): TensorTree;
  /** State that is not trained: calibrated statistics. */
  state(): TensorTree;
  /** See {@link Core.prepareState}. */
  prepareState?(names: Readonly<Record<string, readonly number[]>>): void;
  /** Frees parameters and state. */
  dispose(): void;
}

/** What a mapping needs to be created. */
export interface MappingEnvironment {
  /** Hidden size H, of the input and the output. */
  readonly hiddenSize: number;
  /** The core's normalization, the default of the mapping's. */
  readonly norm: Norm;
  /** Random numbers for the initial values. */
  readonly random: Random;
}

/** The description of a mapping. */
export type MappingComponent = Component<ParametricMapping, MappingEnvironment>;
