import { createHash } from 'node:crypto';

import type { Dataset } from '@taggerjs/datasets';
import type { Recipe } from '@taggerjs/recipes';

import { refuseData } from '../data-source';
import { ExperimentError } from '../errors';
import { openDataset, readDigits } from './data-files';
import type { DataDigest, RunConfig } from './run/run-config';

/** Number of examples to hash at a time. */
const BATCH = 1000;
const SPLITS = ['train', 'validation'] as const;

/**
 * Computes checksums of a recipe's data if they come from files. They cover the examples, so the format and path of a file do
 * not matter.
 *
 * @returns undefined if the recipe alone determines the data
 * @throws ExperimentError as `openDataset`
 */
export async function digestOfData(recipe: Recipe, baseFolder: string): Promise<DataDigest | undefined> {
  const { data } = recipe;
  if (data.type === 'shapes' || data.type === 'tetrominoes' || data.type === 'multi-dsprites') return undefined;
  const digest = async (split: (typeof SPLITS)[number]) => {
    const hash = createHash('sha256');
    if (data.type === 'file') await addExamples(hash, await openDataset(recipe, split, { baseFolder }));
    else {
      const { images, labels } = await readDigits(split, data.folder, baseFolder).catch(refuseData);
      hash.update(images).update(labels);
    }
    return hash.digest('hex');
  };
  return { train: await digest('train'), validation: await digest('validation') };
}

async function addExamples(hash: ReturnType<typeof createHash>, dataset: Dataset): Promise<void> {
  hash.update(JSON.stringify([dataset.size, dataset.inputShape]));
  for (let first = 0; first < dataset.size; first += BATCH) {
    const size = Math.min(BATCH, dataset.size - first);
    const { inputs, segments, labels } = await dataset.examples(
      Uint32Array.from({ length: size }, (_, i) => first + i),
    );
    for (const array of [inputs, segments, labels]) if (array) hash.update(array);
  }
}

/**
 * Refuses to resume a run if its data have changed.
 *
 * @throws ExperimentError `RUN_FOLDER` if the checksums differ from those that the run recorded when it started; as
 *   `openDataset` if the data cannot be read
 */
export async function requireSameData({ recipe, baseFolder, data: then }: RunConfig): Promise<void> {
  if (then === undefined) return;
  const now = await digestOfData(recipe, baseFolder);
  const changed = SPLITS.filter((split) => now?.[split] !== then[split]);
  if (changed.length === 0) return;
  const { data } = recipe;
  const where = 'path' in data ? `'${data.path}'` : 'the MNIST files';
  throw new ExperimentError(
    'RUN_FOLDER',
    `The data of the run have changed since it started: the ${changed.join(' and ')} examples of ${where} differ. Restore ` +
      'the old data, or start a new run.',
  );
}
