import { channelsOf, type Dataset } from '@taggerjs/datasets';
import type { Recipe } from '@taggerjs/recipes';
import type { TaggerConfig } from '@taggerjs/tagger';
import type { LoopOptions } from '@taggerjs/train';

import { ExperimentError } from './errors';

/** The two kinds of model that a recipe can describe. */
export type ModelKind = 'tagger' | 'classifier';

/** The kind of model that a recipe describes. */
export function modelKind({ model }: Recipe): ModelKind {
  return model.type === 'classifier' ? 'classifier' : 'tagger';
}

/** The training options of a recipe, as `train` and `trainClassifier` of `@taggerjs/train` take them. */
export function trainingOptions({ training }: Recipe): LoopOptions {
  const { optimizer, maxMinutes, classification: _classification, ...rest } = training;
  const { learningRate, ...adam } = optimizer;
  // A type error here means that recipes have a value that the training loop does not support.
  const named: Pick<LoopOptions, keyof typeof rest> = rest;
  return { ...named, learningRate, adam, ...(maxMinutes !== undefined && { maxSeconds: 60 * maxMinutes }) };
}

/**
 * Returns the configuration of a recipe's Tagger.
 *
 * @param recipe a recipe of a Tagger
 * @param dataset the training data, for the input shape, and for the mean if `model.initialPrediction` is `'data'`
 * @throws ExperimentError `INVALID_OPTION` if the model is a classifier
 */
export async function taggerConfigOf(recipe: Recipe, dataset: Dataset): Promise<TaggerConfig> {
  const { model } = recipe;
  if (model.type === 'classifier') {
    throw new ExperimentError(
      'INVALID_OPTION',
      `The recipe '${recipe.name}' describes a classifier. Use one that describes a Tagger, such as shapes-quick.`,
    );
  }
  const { type: _type, initialPrediction, noise, core, ...rest } = model;
  const channels = channelsOf(dataset.inputShape);
  return {
    ...rest,
    inputShape: dataset.inputShape,
    ...(channels !== 1 && { channels }),
    initialPrediction: initialPrediction === 'data' ? (await dataset.statistics()).mean : initialPrediction,
    noise: noise as TaggerConfig['noise'],
    core: core as TaggerConfig['core'],
  };
}
