import { TaggerError, type Norm } from '@taggerjs/nn';

/**
 * Refuses options that a factory does not know, so that a misspelt one in a configuration is not passed over. `type` is
 * always allowed: a factory may be given a component's whole JSON.
 *
 * @param where the factory's name, for the error message
 * @param options what the factory was given
 * @param known the names of its options
 * @throws TaggerError `INVALID_OPTION` naming the unknown options and the known ones
 */
export function checkOptionNames(where: string, options: object | undefined, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new TaggerError('INVALID_OPTION', `${where}: the options must be an object with ${known.join(', ')}.`);
  }
  const unknown = Object.keys(options).filter((name) => name !== 'type' && !known.includes(name));
  if (unknown.length > 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${where}: there is no option ${unknown.map((name) => `'${name}'`).join(', ')}; there are ${known.join(', ')}.`,
    );
  }
}

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
