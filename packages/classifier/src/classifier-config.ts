import type { ComponentConfig } from '@taggerjs/nn';

/** A classifier as plain JSON, without its parameters. {@link classifierFromConfig} creates a classifier from it. */
export interface ClassifierConfig {
  /** Shape of one input, such as [28, 28]. Its product is N. */
  readonly inputShape: readonly number[];
  /** Number of classes C. */
  readonly classes: number;
  /** The network's JSON. */
  readonly network: ComponentConfig;
}
