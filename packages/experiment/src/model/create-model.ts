import { createClassifier } from '@taggerjs/classifier';
import type { Dataset } from '@taggerjs/datasets';
import {
  loadComponentFactories,
  resolveComponent,
  type ClassifierEnvironment,
  type ClassifierNetwork,
  type LoadOptions,
} from '@taggerjs/mapping';
import type { Recipe } from '@taggerjs/recipes';
import type { TaggerRegistries } from '@taggerjs/tagger';
import { decodeSafetensors } from '@taggerjs/weights';

import { taggerConfigOf } from '../recipe-options';
import { loadClassifier, loadTagger, networks, taggerFromConfig } from '../registries';
import { classifierModel } from './classifier-model';
import type { ExperimentModel } from './experiment-model';
import { taggerModel } from './tagger-model';

/**
 * Creates the model of a recipe, with random parameters drawn from the recipe's seed.
 *
 * @param recipe describes the model
 * @param dataset the training data, which determine the input shape and statistics
 * @param options `importModule`: imports the modules that the recipe names, which runs their code. @default no modules
 * @throws TaggerError if the recipe names an unknown type, or its options are out of range
 */
export async function createModel(
  recipe: Recipe,
  dataset: Dataset,
  options: Partial<LoadOptions> = {},
): Promise<ExperimentModel> {
  const { model, training } = recipe;
  const { seed } = training;
  if (model.type === 'classifier') {
    const network = resolveComponent<ClassifierNetwork, ClassifierEnvironment>(
      model.network,
      { ...networks },
      { kind: 'classifier network' },
    );
    const { inputShape } = dataset;
    return classifierModel(createClassifier({ inputShape, classes: model.classes, network, seed }));
  }
  const config = await taggerConfigOf(recipe, dataset);
  const registries = await registriesOf(config, options);
  return taggerModel(taggerFromConfig(config, { registries, data: await dataset.statistics(), seed }));
}

/**
 * Loads the model of a file that `save` of an {@link ExperimentModel}, `saveTagger` or `saveClassifier` wrote.
 *
 * @param bytes the file
 * @param options `importModule`: imports the modules that the file names, which runs their code. @default no modules
 * @throws WeightsError if the bytes are not a safetensors file; TaggerError as `loadTagger` and `loadClassifier`
 */
export async function loadModel(bytes: Uint8Array, options: Partial<LoadOptions> = {}): Promise<ExperimentModel> {
  const { metadata } = decodeSafetensors(bytes);
  if (metadata['format'] === 'taggerjs-classifier') return classifierModel(loadClassifier(bytes));
  return taggerModel(await loadTagger(bytes, options));
}

/** Adds the factories of modules to every registry, because a module can provide any part. */
async function registriesOf(config: unknown, { importModule }: Partial<LoadOptions>): Promise<TaggerRegistries> {
  if (importModule === undefined) return {};
  const factories = await loadComponentFactories(config, { importModule });
  return { cores: factories, mappings: factories, noises: factories } as unknown as TaggerRegistries;
}
