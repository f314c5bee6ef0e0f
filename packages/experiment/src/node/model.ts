import type { Dataset } from '@taggerjs/datasets';
import { loadComponentFactories } from '@taggerjs/mapping';
import type { Recipe } from '@taggerjs/recipes';
import type { Tagger, TaggerConfig, TaggerRegistries } from '@taggerjs/tagger';
import { importFrom } from '@taggerjs/tagger/node';

import { ExperimentError } from '../errors';
import { taggerFromConfig } from '../registries';

/** The registries for a configuration: the packages', and the modules that it names itself, looked up from a folder. */
export async function registriesOf(config: unknown, folder: string): Promise<TaggerRegistries> {
  const own = await loadComponentFactories(config, { importModule: importFrom(folder) });
  return {
    cores: { ...(own as TaggerRegistries['cores']) },
    mappings: { ...(own as TaggerRegistries['mappings']) },
    noises: { ...(own as TaggerRegistries['noises']) },
  };
}

/** The model of a recipe, with fresh parameters. */
export async function taggerOf(recipe: Recipe, dataset: Dataset, folder: string): Promise<Tagger> {
  const data = await dataset.statistics();
  const { model } = recipe;
  if (model.type === 'classifier') {
    throw new ExperimentError('INVALID_OPTION', `The recipe '${recipe.name}' is one of a classifier, not of a Tagger.`);
  }
  const config: TaggerConfig = {
    inputShape: dataset.inputShape,
    groups: model.groups,
    iterations: model.iterations,
    initialPrediction: model.initialPrediction === 'data' ? data.mean : model.initialPrediction,
    predictionInput: model.predictionInput,
    noise: model.noise as TaggerConfig['noise'],
    core: model.core as TaggerConfig['core'],
  };
  return taggerFromConfig(config, {
    registries: await registriesOf(config, folder),
    data,
    seed: recipe.training.seed,
  });
}
