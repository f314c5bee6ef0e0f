import { fileURLToPath } from 'node:url';

import type { Dataset, Split } from '@taggerjs/datasets';
import { loadModel, type ExperimentModel } from '@taggerjs/experiment';
import {
  openDataset,
  openModel,
  openRun,
  type OpenModelOptions,
  type Run,
  type WhichCheckpoint,
} from '@taggerjs/experiment/node';
import { modelCard, pretrainedUrl, readPretrained, type ModelCard } from '@taggerjs/pretrained';
import { parseRecipe, type Recipe } from '@taggerjs/recipes';

import { CliError } from '../errors';

const PREFIX = 'pretrained:';

/**
 * The model card that a command's argument names, such as `pretrained:shapes`.
 *
 * @returns undefined for a path
 * @throws PretrainedError `UNKNOWN_MODEL`
 */
function cardOf(given: string): ModelCard | undefined {
  return given.startsWith(PREFIX) ? modelCard(given.slice(PREFIX.length)) : undefined;
}

/** A model with its recipe: a run, or a pretrained model. */
export interface TrainedModel {
  /** The recipe that it was trained by. */
  readonly recipe: Recipe;
  /** The run; undefined for a pretrained model. */
  readonly run?: Run;
  /** Opens a split of its data. */
  dataset(split: Split): Promise<Dataset>;
  /** Loads the model. */
  loadModel(options?: { readonly checkpoint?: WhichCheckpoint | undefined }): Promise<ExperimentModel>;
}

/**
 * Opens a run, or a pretrained model by a name such as `pretrained:shapes`.
 *
 * @throws ExperimentError `RUN_FOLDER` if a path is not a run; PretrainedError `UNKNOWN_MODEL`
 */
export async function openTrainedModel(given: string): Promise<TrainedModel> {
  const card = cardOf(given);
  if (card === undefined) {
    const run = await openRun(given);
    return { recipe: run.config.recipe, run, dataset: run.dataset, loadModel: run.loadModel };
  }
  const recipe = parseRecipe(card.recipe);
  return {
    recipe,
    dataset: (split) => openDataset(recipe, split),
    async loadModel({ checkpoint } = {}) {
      if (checkpoint === undefined) return loadModel(await readPretrained(card.name));
      throw new CliError(
        'USAGE',
        `'${given}' is a pretrained model, which has no checkpoints. Leave out --checkpoint.`,
      );
    },
  };
}

/**
 * Opens a model, and its recipe unless it is a model file.
 *
 * @param given folder of a run, a model file, or a name such as `pretrained:shapes`
 * @throws ExperimentError as `openModel`; PretrainedError `UNKNOWN_MODEL`
 */
export async function openAnyModel(
  given: string,
  options: OpenModelOptions = {},
): Promise<{ readonly model: ExperimentModel; readonly recipe?: Recipe }> {
  if (cardOf(given) !== undefined) {
    const { recipe, loadModel } = await openTrainedModel(given);
    return { recipe, model: await loadModel(options) };
  }
  const { model, run } = await openModel(given, options);
  return { model, ...(run && { recipe: run.config.recipe }) };
}

/**
 * The path of a model, for functions that read model files.
 *
 * @param given a path, or a name such as `pretrained:shapes`
 * @throws PretrainedError `UNKNOWN_MODEL`
 */
export function modelPath(given: string): string {
  const card = cardOf(given);
  return card === undefined ? given : fileURLToPath(pretrainedUrl(card.name));
}
