import type { ParityCase } from './parity-case';

/**
 * The cases that words select: a word is the name of a group, `noise`, or a part of the names of cases, `TaggerMatMul`,
 * in capitals or not. In the order in which the cases are.
 *
 * @throws Error where a word selects none, which names the groups
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
        `'${word}' selects none of the ${cases.length} cases. Groups are ${[...groups].join(', ')}; other words are looked ` +
          'for in the names of cases.',
      );
    }
    for (const one of found) selected.add(one);
  }
  return cases.filter((one) => selected.has(one));
}
