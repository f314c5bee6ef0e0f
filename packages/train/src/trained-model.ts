import type { TensorTree } from '@taggerjs/nn';

/** A model as the training loop sees it. */
export interface TrainedModel {
  /** What is trained, by name. */
  parameters(): TensorTree;
  /** What belongs to the model but is not trained, by name: calibrated statistics. */
  state(): TensorTree;
  /** Creates state of the given names and shapes, so that it can be restored. */
  prepareState?(shapes: Readonly<Record<string, readonly number[]>>): void;
}
