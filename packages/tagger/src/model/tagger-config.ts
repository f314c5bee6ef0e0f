import type { ComponentConfig } from '@taggerjs/nn';

/**
 * Which form of the prediction the core gets from the second iteration on.
 *
 * - `'probability'`: z, as in Algorithms 2 and 3
 * - `'logit'`: the prediction before its activation, as the authors' released code does for binary inputs
 */
export type PredictionInput = 'probability' | 'logit';

/** A Tagger as plain JSON, without its parameters. {@link taggerFromConfig} creates a Tagger from it. */
export interface TaggerConfig {
  /** Shape of one input, such as [20, 20] or [35, 35, 3]. Its product is N. */
  readonly inputShape: readonly number[];
  /** C: channels of a pixel, the last axis of `inputShape`. Models saved without it have one. @default 1 */
  readonly channels?: number;
  /** Number of groups K during training; inference may use any other. */
  readonly groups: number;
  /** Number of iterations T during training; inference may use any other. */
  readonly iterations: number;
  /** z^0, the same for every element: by default the mean of the training data. */
  readonly initialPrediction: number;
  /** Which form of the prediction the core gets. */
  readonly predictionInput: PredictionInput;
  /** The noise model's JSON. */
  readonly noise: ComponentConfig;
  /** The core's JSON. */
  readonly core: ComponentConfig;
}
