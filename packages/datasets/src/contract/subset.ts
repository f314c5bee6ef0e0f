import { DatasetError } from '../errors';
import { requireWhole } from '../options';
import { createDataset } from './create-dataset';
import type { Dataset } from './dataset';

/** Consecutive examples from `from` up to, but not including, `to`. */
export interface ExampleRange {
  /** First example. @default 0 */
  readonly from?: number;
  /** End of the range, exclusive. @default the size of the dataset */
  readonly to?: number;
}

/**
 * Creates a dataset of some examples of another. Its indices start at 0, and its batches have their own order: they are not
 * the batches of the other dataset with examples removed.
 *
 * @param dataset the other dataset
 * @param selection distinct indices in [0, dataset.size) in any order, or a range of consecutive examples
 * @throws DatasetError `INVALID_INDEX` for an index that is out of range or repeated; `INVALID_OPTION` for an empty or
 * invalid selection
 */
export function subset(dataset: Dataset, selection: ArrayLike<number> | ExampleRange): Dataset {
  if ('length' in selection) {
    const chosen = chooseIndices(dataset, selection);
    return subsetOf(dataset, `${dataset.name}[${chosen.length} chosen]`, chosen.length, (index) => chosen[index]!);
  }
  const { from = 0, to = dataset.size } = selection;
  requireWhole('subset', 'from', from, 0, dataset.size - 1);
  requireWhole('subset', 'to', to, from + 1, dataset.size);
  if (from === 0 && to === dataset.size) return dataset;
  return subsetOf(dataset, `${dataset.name}[${from}..${to - 1}]`, to - from, (index) => from + index);
}

/**
 * The first `count` examples of a dataset.
 *
 * @throws DatasetError `INVALID_OPTION` if the dataset has fewer
 */
export function take(dataset: Dataset, count: number): Dataset {
  requireWhole('take', 'count', count, 1, dataset.size);
  return subset(dataset, { to: count });
}

function chooseIndices(dataset: Dataset, selection: ArrayLike<number>): Uint32Array {
  if (selection.length === 0)
    throw new DatasetError('INVALID_OPTION', `subset: expected at least one index of ${dataset.name}; got none.`);
  const seen = new Uint8Array(dataset.size);
  const chosen = new Uint32Array(selection.length);
  for (let i = 0; i < chosen.length; i++) {
    const index = selection[i]!;
    if (!Number.isInteger(index) || index < 0 || index >= dataset.size)
      throw new DatasetError(
        'INVALID_INDEX',
        `subset: examples of ${dataset.name} are numbered 0 to ${dataset.size - 1}; got ${String(index)} at position ` +
          `${i} of the indices.`,
      );
    if (seen[index])
      throw new DatasetError(
        'INVALID_INDEX',
        `subset: the indices of ${dataset.name} must be distinct; got ${index} again at position ${i}.`,
      );
    seen[index] = 1;
    chosen[i] = index;
  }
  return chosen;
}

function subsetOf(whole: Dataset, name: string, size: number, indexInWhole: (index: number) => number): Dataset {
  return createDataset({
    name,
    size,
    inputShape: whole.inputShape,
    labelsPerExample: whole.labelsPerExample,
    read: (indices) => whole.examples(indices.map(indexInWhole)),
  });
}
