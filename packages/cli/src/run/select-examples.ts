import type { Dataset } from '@taggerjs/datasets';
import { createRandom } from '@taggerjs/random';

import { CliError } from '../errors';

/**
 * Selects examples of a dataset: `'first'`, `'random'`, or indices such as `'3,17,42'`.
 *
 * @param count number of examples, unless they are listed
 * @param seed seed of the random selection
 * @throws CliError `USAGE` if `count` is not a whole number of at least 1, or an index is invalid or listed twice
 */
export function selectExamples(selection: string, dataset: Dataset, count: number, seed: number): number[] {
  if (selection === 'first' || selection === 'random') {
    if (!Number.isInteger(count) || count < 1)
      throw new CliError('USAGE', `--examples must be a whole number of at least 1, not ${count}.`);
    const most = Math.min(count, dataset.size);
    if (selection === 'first') return Array.from({ length: most }, (_, i) => i);
    const order = createRandom(seed).fork('select').permutation(dataset.size);
    return Array.from(order.subarray(0, most)).sort((a, b) => a - b);
  }
  const words = selection.split(',').map((word) => word.trim());
  const chosen = words.map((word) => (/^\d+$/.test(word) ? Number(word) : NaN));
  chosen.forEach((index, i) => {
    if (!(index < dataset.size) || chosen.indexOf(index) !== i) {
      throw new CliError(
        'USAGE',
        `--select takes first, random, or different numbers of examples from 0 to ${dataset.size - 1}, such as ` +
          `3,17,42, not '${words[i]}'.`,
      );
    }
  });
  return chosen;
}
