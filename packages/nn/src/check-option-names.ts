import { TaggerError } from './errors';

/**
 * Refuses options that a factory does not know, so that a misspelt one in a configuration is not passed over. `type` is
 * always allowed: a factory may be given a component's whole JSON.
 *
 * @param where the factory's name, for the error message
 * @param options what the factory was given
 * @param known the names of its options
 * @throws TaggerError `INVALID_OPTION` naming the unknown options and the known ones
 */
export function checkOptionNames(where: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
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
