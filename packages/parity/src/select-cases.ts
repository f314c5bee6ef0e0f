import type { ParityCase } from './parity-case';

/**
 * Selects cases by words: a word is the name of a group, such as `noise`, or a part of case names, such as `TaggerMatMul`,
 * ignoring case. Keeps the order of the cases.
 *
 * @throws Error if a word selects no case; the message names the groups
 */
export function selectCases(cases: readonly ParityCase[], words: readonly string[]): ParityCase[] {
  const groups = new Set<string>(cases.map(({ group }) => group));
  const selected = new Set<ParityCase>();
  for (const word of words) {
    const found = cases.filter(({ group, name }) =>
      groups.has(word) ? group === word : word !== '' && name.toLowerCase().includes(word.toLowerCase()),
    );
    if (found.length === 0) {
      throw new Error(
        `'${word}' matches none of the ${cases.length} cases. Use a group (${[...groups].join(', ')}) or ` +
          "a part of a case's name.",
      );
    }
    for (const one of found) selected.add(one);
  }
  return cases.filter((one) => selected.has(one));
}
