import { DatasetError } from '../errors';

/** A part of the data: to train on, to choose models by, to report. */
export type Split = 'train' | 'validation' | 'test';

/** All parts. */
export const SPLITS: readonly Split[] = ['train', 'validation', 'test'];

/** Refuses what is no {@link Split}. */
export function requireSplit(operation: string, split: unknown): void {
  if (!SPLITS.includes(split as Split))
    throw new DatasetError(
      'INVALID_OPTION',
      `${operation}: split must be one of ${SPLITS.join(', ')}; got ${JSON.stringify(split)}.`,
    );
}
