import type { Dataset } from '@taggerjs/datasets';
import { TaggerError } from '@taggerjs/nn';
import type { Tagger } from '@taggerjs/tagger';

/**
 * Refuses data whose examples are not of the model's size.
 *
 * @param where the function's name, for the error message
 * @throws TaggerError `INVALID_SHAPE` naming both shapes
 */
export function checkInputSize(where: string, tagger: Tagger, dataset: Dataset): void {
  const size = dataset.inputShape.reduce((product, side) => product * side, 1);
  if (size !== tagger.inputSize) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `${where}: the examples of '${dataset.name}' have shape [${dataset.inputShape}] (${size} values), the model takes ` +
        `[${tagger.config.inputShape}] (${tagger.inputSize}).`,
    );
  }
}
