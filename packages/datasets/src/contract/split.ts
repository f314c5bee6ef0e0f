import { DatasetError } from '../errors';

/** A split of the data: for training, for choosing models, for the final scores. */
export type Split = 'train' | 'validation' | 'test';

/** All splits. */
export const SPLITS: readonly Split[] = ['train', 'validation', 'test'];

/** Requires a {@link Split}. */
export function requireSplit(operation: string, split: unknown): void {
  if (!SPLITS.includes(split as Split))
    throw new DatasetError(
      'INVALID_OPTION',
      `${operation}: split must be one of ${SPLITS.join(', ')}; got ${JSON.stringify(split)}.`,
    );
}
