import { createRandom } from '@taggerjs/random';

import { DatasetError } from '../errors';
import { requireWhole } from '../options';
import type { Dataset } from './dataset';
import { subset } from './subset';

/** What {@link balancedSubset} takes. */
export interface BalancedSubsetOptions {
  /** Number of examples. Times the labels of each, it must be a multiple of `classes`. */
  readonly count: number;
  /** Number of classes C; labels are integers in [0, C). */
  readonly classes: number;
  /** Seed of the choice. @default 0 */
  readonly seed?: number | string;
}

/** Examples whose labels are read at once. */
const CHUNK = 500;

/**
 * Some examples in which every class comes equally often, chosen at random: the labelled ones of semi-supervised learning.
 * Examples of several objects count once for each.
 *
 * The examples are gone through in the order of a seeded permutation, and one is taken where none of its classes is full
 * yet; so the choice depends on the data and the seed alone, and no more is read than is needed.
 *
 * @throws DatasetError `INVALID_OPTION` where the data have no labels, or the number does not divide among the classes;
 * `INVALID_DATA` where a label is no class, or there are too few examples of one
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
      `balancedSubset: ${count} examples of ${objects} labels do not divide among ${classes} classes; take a multiple of ` +
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
      `balancedSubset: ${dataset.name} has too few examples for ${count} in which each of ${classes} classes comes equally ` +
        `often: there are missing ${short.join(', ')}. Take fewer.`,
    );
  }
  return subset(dataset, chosen);
}

/** Takes an example's labels from what is left of each class, unless one of them is used up: then nothing changes. */
function takeIfRoom(left: number[], labels: Uint8Array, name: string, index: number): boolean {
  for (const [i, label] of labels.entries()) {
    const room = left[label];
    if (room === undefined) {
      throw new DatasetError(
        'INVALID_DATA',
        `balancedSubset: example ${index} of ${name} has the label ${label}, there are ${left.length} classes.`,
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
