import { TaggerError, type Norm } from '@taggerjs/nn';

/**
 * Refuses a normalization that does not exist; not given is well.
 *
 * @throws TaggerError `INVALID_OPTION`
 */
export function checkNorm(where: string, norm: Norm | undefined): void {
  if (norm !== undefined && norm !== 'layer' && norm !== 'batch') {
    throw new TaggerError('INVALID_OPTION', `${where}: norm must be 'layer' or 'batch', not ${JSON.stringify(norm)}.`);
  }
}

/**
 * Refuses layer sizes that are not an array of integers from `smallest` on.
 *
 * @throws TaggerError `INVALID_OPTION`
 */
export function checkSizes(where: string, sizes: readonly number[], smallest = 1): void {
  if (!Array.isArray(sizes) || sizes.some((size) => !Number.isInteger(size) || size < smallest)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${where}: sizes must be an array of integers of at least ${smallest}, the sizes of the layers from the input on, ` +
        `such as [1000, 500], not ${JSON.stringify(sizes)}.`,
    );
  }
}
