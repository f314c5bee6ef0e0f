import type { Dataset, Split } from '@taggerjs/datasets';
import { openDataset } from '@taggerjs/experiment/node';
import { overrideRecipe, type Json, type Recipe } from '@taggerjs/recipes';

import { CliError } from '../errors';
import type { TrainedModel } from '../run/trained-model';

/** The value of a recipe that says how many objects an image has, by type of data. */
const OBJECTS: { readonly [Type in Recipe['data']['type']]?: (objects: number) => Readonly<Record<string, Json>> } = {
  shapes: (objects) => ({ 'data.shapesPerImage': objects }),
  'multi-dsprites': (objects) => ({ 'data.sprites': [objects, objects] }),
};

/**
 * Opens a split of a model's data, with another number of objects in each image if one is given.
 *
 * @throws CliError `USAGE` for data whose number of objects is fixed
 */
export async function openDatasetWith(trained: TrainedModel, split: Split, objects?: number): Promise<Dataset> {
  if (objects === undefined) return trained.dataset(split);
  const { recipe } = trained;
  const override = OBJECTS[recipe.data.type];
  if (override === undefined)
    throw new CliError(
      'USAGE',
      `--objects needs data that are generated with any number of objects (${Object.keys(OBJECTS).join(', ')}), not ` +
        `'${recipe.data.type}'. Leave out --objects.`,
    );
  return openDataset(overrideRecipe(recipe, override(objects)), split);
}

/** The number of objects in each image of a recipe's data; undefined if it is not one number. */
export function objectsOf({ data }: Recipe): number | undefined {
  return data.type === 'shapes' ? data.shapesPerImage : undefined;
}
