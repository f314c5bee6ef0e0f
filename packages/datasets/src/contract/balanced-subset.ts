import { createRandom } from '@taggerjs/random';

import { DatasetError } from '../errors';
import { requireWhole } from '../options';
import type { Dataset } from './dataset';
import { subset } from './subset';

/** Options of {@link balancedSubset}. */
export interface BalancedSubsetOptions {
  /** Number of examples. count * labelsPerExample must be a multiple of `classes`. */
  readonly count: number;
  /** Number of classes C; labels are integers in [0, C). */
  readonly classes: number;
  /** Seed of the choice. @default 0 */
  readonly seed?: number | string;
}

/** Examples whose labels are read at once. */
const CHUNK = 500;

/**
 * Chooses random examples so that every class occurs equally often: the labeled examples of semi-supervised learning.
 * Examples with several labels count once for each.
 *
 * Goes through the examples in the order of a seeded permutation and takes each one whose classes all have room left. The
 * choice depends only on the data and the seed, and no more examples are read than necessary.
 *
 * @throws DatasetError `INVALID_OPTION` if the data has no labels, or the labels cannot be distributed equally;
 * `INVALID_DATA` if a label is not a class, or a class has too few examples
 */
export async function balancedSubset(
  dataset: Dataset,
  { count, classes, seed = 0 }: BalancedSubsetOptions,
): Promise<Dataset> {
  requireWhole('balancedSubset', 'count', count, 1, dataset.size);
  requireWhole('balancedSubset', 'classes', classes, 1);
  const objects = dataset.labelsPerExample;
  if (objects === 0) {
    throw new DatasetError('INVALID_OPTION', `balancedSubset: the examples of ${dataset.name} have no labels.`);
  }
  if ((count * objects) % classes !== 0) {
    throw new DatasetError(
      'INVALID_OPTION',
      `balancedSubset: ${count} examples with ${objects} labels each cannot be balanced over ${classes} classes. Use a multiple of ` +
        `${classes}.`,
    );
  }
  const left = new Array<number>(classes).fill((count * objects) / classes);
  const chosen: number[] = [];
  const order = createRandom(seed).fork('balanced subset').permutation(dataset.size);
  for (let first = 0; first < order.length && chosen.length < count; first += CHUNK) {
    const indices = order.subarray(first, first + CHUNK);
    const { labels = new Uint8Array() } = await dataset.examples(indices);
    for (let i = 0; i < indices.length && chosen.length < count; i++) {
      const index = indices[i] as number;
      if (takeIfRoom(left, labels.subarray(i * objects, (i + 1) * objects), dataset.name, index)) chosen.push(index);
    }
  }
  if (chosen.length < count) {
    const short = left.flatMap((missing, label) => (missing > 0 ? [`${missing} of class ${label}`] : []));
    throw new DatasetError(
      'INVALID_DATA',
      `balancedSubset: ${dataset.name} has too few examples for ${count} balanced over ${classes} classes: missing ` +
        `${short.join(', ')}. Use a smaller count.`,
    );
  }
  return subset(dataset, chosen);
}

/** Subtracts an example's labels from the room left per class. Returns false, without changes, if a class is full. */
function takeIfRoom(left: number[], labels: Uint8Array, name: string, index: number): boolean {
  for (const [i, label] of labels.entries()) {
    const room = left[label];
    if (room === undefined) {
      throw new DatasetError(
        'INVALID_DATA',
        `balancedSubset: example ${index} of ${name} has the label ${label}, but there are only ${left.length} classes.`,
      );
    }
    if (room === 0) {
      for (const taken of labels.subarray(0, i)) left[taken]! += 1;
      return false;
    }
    left[label] = room - 1;
  }
  return true;
}
