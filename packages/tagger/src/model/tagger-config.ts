import type { ComponentConfig } from '@taggerjs/nn';

/**
 * What the core is given of the prediction from the second iteration on.
 *
 * - `'probability'`: z, as in Algorithms 2 and 3
 * - `'logit'`: the prediction before its activation, as the authors' released code does for binary inputs
 */
export type PredictionInput = 'probability' | 'logit';

/** A Tagger as plain JSON: everything but its parameters. {@link taggerFromConfig} makes the same Tagger of it. */
export interface TaggerConfig {
  /** Shape of one input, such as [20, 20]. Its product is N. */
  readonly inputShape: readonly number[];
  /** Number of groups K while training; any other may be asked for later. */
  readonly groups: number;
  /** Number of iterations T while training; any other may be asked for later. */
  readonly iterations: number;
  /** z^0, the same for every element: by default the mean of the training data. */
  readonly initialPrediction: number;
  /** What the core is given of the prediction. */
  readonly predictionInput: PredictionInput;
  /** The noise model's JSON. */
  readonly noise: ComponentConfig;
  /** The core's JSON. */
  readonly core: ComponentConfig;
}
