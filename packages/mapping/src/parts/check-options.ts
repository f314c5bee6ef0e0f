import { checkOneOf, NORMS, TaggerError, type Norm } from '@taggerjs/nn';

/** @throws TaggerError `INVALID_OPTION` unless the normalization is `'layer'`, `'batch'` or undefined */
export function checkNorm(where: string, norm: Norm | undefined): void {
  if (norm !== undefined) checkOneOf(where, 'norm', norm, NORMS);
}

/** @throws TaggerError `INVALID_OPTION` unless the layer sizes are an array of integers of at least `smallest` */
export function checkSizes(where: string, sizes: readonly number[], smallest = 1): void {
  if (!Array.isArray(sizes) || sizes.some((size) => !Number.isInteger(size) || size < smallest)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${where}: sizes must be an array of integers of at least ${smallest}, the layer sizes from the input up, such as ` +
        `[1000, 500], got ${JSON.stringify(sizes)}.`,
    );
  }
}
