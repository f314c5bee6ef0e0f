import { TaggerError } from '@taggerjs/nn';

/**
 * Throws `INVALID_OPTION` unless the options are an object with known names only. A `type` is let through: a factory
 * rebuilds a part from its whole JSON.
 */
export function checkOptionNames(factory: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${factory}: takes an object with the options ${known.join(', ')}, not ${JSON.stringify(options)}.`,
    );
  }
  const unknown = Object.keys(options).filter((name) => name !== 'type' && !known.includes(name));
  if (unknown.length > 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${factory}: has no option ${unknown.map((name) => `'${name}'`).join(', ')}; its options are ${known.join(', ')}.`,
    );
  }
}
