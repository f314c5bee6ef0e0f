import { resolve } from 'node:path';

import { inMemoryDataset, shapes, textureMnist, type Dataset, type DatasetError, type Split } from '@taggerjs/datasets';
import { loadData, type DatasetSplits, type LoadDataOptions } from '@taggerjs/datasets/node';
import type { FileDataRecipe, Recipe } from '@taggerjs/recipes';

import { ExperimentError } from '../errors';
import { mnistDigits } from './mnist';

/**
 * The data of a recipe.
 *
 * @param baseFolder folder that paths in the recipe are relative to
 * @throws ExperimentError `INPUT` where a file is not there, not sound, or does not fit the model's noise
 */
export async function datasetOf(recipe: Recipe, split: Split, baseFolder: string): Promise<Dataset> {
  const { data } = recipe;
  try {
    const dataset = await datasetOfType(data, split, baseFolder);
    if (data.type !== 'shapes') await requireFit(recipe, dataset);
    return dataset;
  } catch (error) {
    if ((error as Error | null)?.name !== 'DatasetError') throw error;
    const { code, message } = error as DatasetError;
    throw new ExperimentError(code === 'INVALID_OPTION' ? 'INVALID_OPTION' : 'INPUT', message, { cause: error });
  }
}

async function datasetOfType(data: Recipe['data'], split: Split, baseFolder: string): Promise<Dataset> {
  switch (data.type) {
    case 'shapes': {
      const { type: _type, sizes, ...options } = data;
      return shapes({ ...options, split, size: sizes[split] });
    }
    case 'mnist': {
      const { images, labels } = await mnistDigits(split, data.folder, baseFolder);
      return inMemoryDataset({ name: `mnist/${split}`, inputShape: [28, 28], inputs: images, scale: 1 / 255, labels });
    }
    case 'texture-mnist-1':
    case 'texture-mnist-2': {
      const digits = await mnistDigits(split, data.folder, baseFolder);
      const count = data.type === 'texture-mnist-1' ? 1 : 2;
      return textureMnist({ digits, count, split, size: data.sizes[split], seed: data.seed });
    }
    case 'file':
      return (await loadOnce(data, baseFolder))[split];
  }
}

/** Files by path and options: each is read once. */
const loaded = new Map<string, Promise<DatasetSplits>>();

function loadOnce({ type: _type, path, ...options }: FileDataRecipe, baseFolder: string): Promise<DatasetSplits> {
  const file = resolve(baseFolder, path);
  const key = JSON.stringify([file, options]);
  let loading = loaded.get(key);
  if (loading === undefined) {
    loading = loadData(file, options as LoadDataOptions);
    loaded.set(key, loading);
  }
  return loading;
}

/** Bit flips take zeros and ones: the first examples show others. */
async function requireFit({ model, data }: Recipe, dataset: Dataset): Promise<void> {
  if (model.type === 'classifier' || model.noise.type !== 'bitflip') return;
  const { inputs } = await dataset.examples(Uint32Array.from({ length: Math.min(100, dataset.size) }, (_, i) => i));
  const bad = inputs.find((value) => value !== 0 && value !== 1);
  if (bad === undefined) return;
  throw new ExperimentError(
    'INPUT',
    `'${dataset.name}' has inputs such as ${bad}, but noise of type 'bitflip' takes zeros and ones. ` +
      (data.type === 'file'
        ? 'Say from which value on they are ones, --data.threshold 0.5, or take Gaussian noise, --model.noise.type gaussian.'
        : 'Take Gaussian noise: --model.noise.type gaussian.'),
  );
}
