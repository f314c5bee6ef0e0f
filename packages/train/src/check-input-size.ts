import type { Dataset } from '@taggerjs/datasets';
import { TaggerError } from '@taggerjs/nn';

/** What a Tagger and a classifier have in common here. */
export interface SizedModel {
  readonly inputSize: number;
  readonly config: { readonly inputShape: readonly number[] };
}

/**
 * Refuses data whose examples are not of the model's size.
 *
 * @param where the function's name, for the error message
 * @throws TaggerError `INVALID_SHAPE` naming both shapes
 */
export function checkInputSize(where: string, model: SizedModel, dataset: Dataset): void {
  const size = dataset.inputShape.reduce((product, side) => product * side, 1);
  if (size !== model.inputSize) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `${where}: the examples of '${dataset.name}' have shape [${dataset.inputShape}] (${size} values), the model takes ` +
        `[${model.config.inputShape}] (${model.inputSize}).`,
    );
  }
}
