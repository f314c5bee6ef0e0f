import { channelsOf, type Dataset } from '@taggerjs/datasets';
import { TaggerError } from '@taggerjs/nn';

/** A Tagger or a classifier. */
export interface SizedModel {
  readonly inputSize: number;
  /** Channels of a pixel. Absent for classifiers, which do not distinguish them. */
  readonly channels?: number;
  readonly config: { readonly inputShape: readonly number[] };
}

/**
 * Refuses data whose examples do not have the model's input size, or not its channels.
 *
 * @param where the function's name, for the error message
 * @throws TaggerError `INVALID_SHAPE`
 */
export function checkInputSize(where: string, model: SizedModel, { name, inputShape }: Dataset): void {
  const size = inputShape.reduce((product, side) => product * side, 1);
  if (size !== model.inputSize) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `${where}: the examples of '${name}' have shape [${inputShape}] (${size} values), the model takes ` +
        `[${model.config.inputShape}] (${model.inputSize}).`,
    );
  }
  const channels = channelsOf(inputShape);
  if (channels !== (model.channels ?? channels)) {
    const wanted = shapeOfData(model);
    throw new TaggerError(
      'INVALID_SHAPE',
      `${where}: the examples of '${name}' have shape [${inputShape}] and ${counted(channels)} per pixel, but the model has ` +
        `${counted(model.channels as number)}. Give the data the inputShape [${wanted}].`,
    );
  }
}

/** A shape of examples that has the model's channels: its own, unless it counts others than {@link channelsOf}. */
function shapeOfData({ inputSize, channels = 1, config: { inputShape } }: SizedModel): readonly number[] {
  if (channelsOf(inputShape) === channels) return inputShape;
  return channels === 1 ? [inputSize] : [1, inputSize / channels, channels];
}

const counted = (channels: number) => (channels === 1 ? 'one channel' : `${channels} channels`);

/** Refuses a batch size that is not an integer from 1 to the number of examples. @throws TaggerError `INVALID_OPTION` */
export function checkBatchSize(where: string, dataset: Dataset, batchSize: number): void {
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > dataset.size) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${where}: batchSize must be an integer from 1 to the size of '${dataset.name}', ${dataset.size}, not ${batchSize}.`,
    );
  }
}
