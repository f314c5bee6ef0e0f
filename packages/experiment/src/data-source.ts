import {
  balancedSubset,
  inMemoryDataset,
  multiDsprites,
  shapes,
  tetrominoes,
  textureMnist,
  type Dataset,
  type DatasetError,
  type Digits,
  type Split,
} from '@taggerjs/datasets';
import type { FileDataRecipe, Recipe } from '@taggerjs/recipes';

import { ExperimentError } from './errors';

/** Reads the data that a recipe cannot generate. `@taggerjs/experiment/node` has an implementation that reads files. */
export interface DataFiles {
  /**
   * Reads a split of MNIST.
   *
   * @param split the split to read
   * @param folder the `data.folder` of the recipe
   */
  digits(split: Split, folder: string | undefined): Promise<Digits>;
  /** Reads the file or folder that a recipe names. */
  load(data: FileDataRecipe): Promise<Readonly<Record<Split, Dataset>>>;
}

/** Source of data that the recipe does not generate. */
export interface DataSourceOptions {
  /** Reads files. @default none, which limits recipes to generated data */
  readonly files?: DataFiles;
}

/**
 * Opens a split of a recipe's data.
 *
 * @throws ExperimentError `INPUT` if a file is missing or damaged, or the data do not fit the noise model of the recipe;
 *   `INVALID_OPTION` if the recipe needs files and `files` is missing
 */
export async function openDataset(recipe: Recipe, split: Split, options: DataSourceOptions = {}): Promise<Dataset> {
  const dataset = await datasetOfType(recipe.data, split, options).catch(refuseData);
  if (recipe.data.type !== 'shapes') await requireFit(recipe, dataset).catch(refuseData);
  return dataset;
}

/** Converts a DatasetError to the ExperimentError that {@link openDataset} throws. */
export function refuseData(error: unknown): never {
  if ((error as Error | null)?.name !== 'DatasetError') throw error;
  const { code, message } = error as DatasetError;
  throw new ExperimentError(code === 'INVALID_OPTION' ? code : 'INPUT', message, { cause: error });
}

async function datasetOfType(data: Recipe['data'], split: Split, { files }: DataSourceOptions): Promise<Dataset> {
  if (data.type === 'shapes') {
    const { type: _type, sizes, ...options } = data;
    return shapes({ ...options, split, size: sizes[split] });
  }
  if (data.type === 'tetrominoes') {
    const { type: _type, sizes, ...options } = data;
    return tetrominoes({ ...options, split, size: sizes[split] });
  }
  if (data.type === 'multi-dsprites') {
    const { type: _type, sizes, ...options } = data;
    return multiDsprites({ ...options, split, size: sizes[split] });
  }
  if (files === undefined) {
    throw new ExperimentError(
      'INVALID_OPTION',
      `Data of type '${data.type}' come from files. Pass files, or use openDataset of @taggerjs/experiment/node.`,
    );
  }
  switch (data.type) {
    case 'mnist': {
      const { images, labels } = await files.digits(split, data.folder);
      return inMemoryDataset({ name: `mnist/${split}`, inputShape: [28, 28], inputs: images, scale: 1 / 255, labels });
    }
    case 'texture-mnist-1':
    case 'texture-mnist-2': {
      const digits = await files.digits(split, data.folder);
      const count = data.type === 'texture-mnist-1' ? 1 : 2;
      return textureMnist({ digits, count, split, size: data.sizes[split], seed: data.seed });
    }
    case 'file':
      return (await files.load(data))[split];
  }
}

/** Bit flips need zeros and ones. Checks the first examples. */
async function requireFit({ model, data }: Recipe, dataset: Dataset): Promise<void> {
  if (model.type === 'classifier' || model.noise.type !== 'bitflip') return;
  const { inputs } = await dataset.examples(Uint32Array.from({ length: Math.min(100, dataset.size) }, (_, i) => i));
  const bad = inputs.find((value) => value !== 0 && value !== 1);
  if (bad === undefined) return;
  throw new ExperimentError(
    'INPUT',
    `'${dataset.name}' has inputs such as ${bad}, but noise of type 'bitflip' needs zeros and ones. ` +
      (data.type === 'file' ? 'Set data.threshold to make them binary, or set' : 'Set') +
      " model.noise.type to 'gaussian'.",
  );
}

/** The datasets that a recipe trains with. */
export interface TrainingData {
  /** The training split. */
  readonly dataset: Dataset;
  /** The validation split. */
  readonly validation: Dataset;
  /** The training examples whose labels are used, if the recipe learns labels. */
  readonly labeled?: Dataset;
}

/**
 * Opens all data that a recipe needs for training.
 *
 * @throws ExperimentError `INVALID_OPTION` if batches are larger than the dataset, or the recipe needs more labels than it has;
 *   as {@link openDataset}
 */
export async function openTrainingData(recipe: Recipe, options: DataSourceOptions = {}): Promise<TrainingData> {
  const { batchSize, classification } = recipe.training;
  const dataset = await openDataset(recipe, 'train', options);
  if (dataset.size < batchSize) {
    throw new ExperimentError(
      'INVALID_OPTION',
      `'${dataset.name}' has ${dataset.size} training examples, fewer than a batch of ${batchSize}. Set ` +
        `training.batchSize to ${dataset.size} or less.`,
    );
  }
  const labeled = classification ? await labeledExamples(recipe, dataset) : undefined;
  const validation = await openDataset(recipe, 'validation', options);
  return { dataset, validation, ...(labeled && { labeled }) };
}

async function labeledExamples(recipe: Recipe, dataset: Dataset): Promise<Dataset> {
  const { labels, seed } = recipe.training.classification!;
  const classes = classesOf(recipe);
  if (labels === 'all') return dataset;
  if (labels > dataset.size) {
    throw new ExperimentError(
      'INVALID_OPTION',
      `The recipe uses ${labels} labels, but '${dataset.name}' has ${dataset.size} training examples. Set ` +
        `training.classification.labels to ${dataset.size} or less, or to 'all'.`,
    );
  }
  try {
    return await balancedSubset(dataset, { count: labels, classes, seed });
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'DatasetError') throw error;
    throw new ExperimentError('INVALID_OPTION', `training.classification.labels: ${message}`, { cause: error });
  }
}

/** The number of classes that the model of a recipe predicts. */
function classesOf({ model }: Recipe): number {
  if (model.type === 'classifier') return model.classes;
  const { classes } = (model.core['mapping'] ?? {}) as { classes?: unknown };
  if (typeof classes === 'number') return classes;
  throw new ExperimentError(
    'INVALID_OPTION',
    'The recipe learns labels (training.classification), but its mapping predicts no classes. Set ' +
      'model.core.mapping.classes, or set training.classification to null.',
  );
}
