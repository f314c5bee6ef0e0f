import type { NamedTensor } from '@taggerjs/weights';

import type { Split } from '../contract/split';
import { fileError } from '../errors';
import type { ExampleArrays, FileArrays } from './file-arrays';

/** Names of arrays by role. The last ones are those of the original project's files. */
const ROLES: Readonly<Record<keyof ExampleArrays, readonly string[]>> = {
  inputs: ['inputs', 'x', 'images', 'features'],
  segments: ['segments', 'mask', 'masks'],
  background: ['background'],
  labels: ['labels', 'y', 'targets'],
};

/** Names of splits. */
const PARTS: Readonly<Record<Split, readonly string[]>> = {
  train: ['train'],
  validation: ['validation', 'valid', 'val'],
  test: ['test'],
};

/** The split that a name means. */
export function splitOf(word: string): Split | undefined {
  return (Object.keys(PARTS) as Split[]).find((split) => PARTS[split].includes(word));
}

/** The role and split that a name means: `train_inputs`, `x_train`, `labels`. */
export function meaningOf(name: string): { role: keyof ExampleArrays; split: Split | 'whole' } | undefined {
  for (const [role, words] of Object.entries(ROLES) as [keyof ExampleArrays, readonly string[]][]) {
    for (const word of words) {
      if (name === word) return { role, split: 'whole' };
      const part = name.startsWith(`${word}_`) ? name.slice(word.length + 1) : name.endsWith(`_${word}`) ? name.slice(0, -word.length - 1) : ''; // prettier-ignore
      const split = splitOf(part);
      if (split !== undefined) return { role, split };
    }
  }
  return undefined;
}

/** Sorts arrays by role and split. @throws DatasetError `INVALID_DATA` for unknown names */
export function sortArrays(file: string, tensors: Readonly<Record<string, NamedTensor>>): FileArrays {
  const parts: Partial<Record<Split | 'whole', Partial<Record<keyof ExampleArrays, NamedTensor>>>> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const meaning = meaningOf(name);
    const place = JSON.stringify(name);
    if (meaning === undefined)
      throw fileError(
        'INVALID_DATA',
        { file, place },
        'unknown array. Use the names inputs, segments and labels, or put the split before them: train_inputs, ' +
          'validation_inputs, test_inputs.',
      );
    const part = (parts[meaning.split] ??= {});
    if (part[meaning.role] !== undefined)
      throw fileError('INVALID_DATA', { file, place }, `a second array of ${meaning.role} for the same examples.`);
    part[meaning.role] = tensor;
  }
  const named = Object.keys(parts);
  if (parts.whole !== undefined && named.length > 1)
    throw fileError('INVALID_DATA', { file }, `it has arrays with a split (${named.filter((part) => part !== 'whole').join(', ')}) and others without.`); // prettier-ignore
  for (const [split, { inputs }] of Object.entries(parts))
    if (inputs === undefined)
      throw fileError('INVALID_DATA', { file, place: split }, 'expected inputs, but found only other arrays.');
  if (named.length === 0) throw fileError('INVALID_DATA', { file }, 'it has no arrays.');
  return parts as FileArrays;
}
