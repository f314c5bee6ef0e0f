import { createHash } from 'node:crypto';

import type { Dataset } from '@taggerjs/datasets';
import type { Recipe } from '@taggerjs/recipes';

import { ExperimentError } from '../errors';
import { datasetOf } from './data';
import { mnistDigits } from './mnist';
import type { DataDigest } from './run-config';

/** Examples that are looked at together. */
const BATCH = 1000;
const SPLITS = ['train', 'validation'] as const;

/**
 * The checksums of a recipe's data where they come from files, or are made from such: of the examples, so that it makes no
 * difference in what kind of file, and where, they lie.
 *
 * @returns undefined where the recipe alone says what the data are
 */
export async function digestOfData(recipe: Recipe, baseFolder: string): Promise<DataDigest | undefined> {
  const { data } = recipe;
  if (data.type === 'shapes') return undefined;
  const digest = async (split: (typeof SPLITS)[number]) => {
    const hash = createHash('sha256');
    if (data.type === 'file') await addExamples(hash, await datasetOf(recipe, split, baseFolder));
    else {
      const { images, labels } = await mnistDigits(split, data.folder, baseFolder);
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
 * Refuses to go on with a run on other data than it began with.
 *
 * @param given the run, as it was named
 * @param then the checksums of when it began; undefined where none were kept
 * @throws ExperimentError `RUN_FOLDER`
 */
export async function requireSameData(
  given: string,
  {
    recipe,
    baseFolder,
    data: then,
  }: { readonly recipe: Recipe; readonly baseFolder: string; readonly data?: DataDigest },
): Promise<void> {
  if (then === undefined) return;
  const now = await digestOfData(recipe, baseFolder);
  const changed = SPLITS.filter((split) => now?.[split] !== then[split]);
  if (changed.length === 0) return;
  const { data } = recipe;
  const where = 'path' in data ? `'${data.path}'` : 'the files of MNIST';
  throw new ExperimentError(
    'RUN_FOLDER',
    `The data of '${given}' have changed since it began: the ${changed.join(' and ')} examples of ${where} are others now, so ` +
      'it cannot go on as if it had never been stopped. Put the old data back, or begin another run with `tagger train`.',
  );
}
