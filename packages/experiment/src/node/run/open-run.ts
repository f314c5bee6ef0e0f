import type { TrainingState } from '@taggerjs/train';
import { readBytes } from '@taggerjs/weights/node';

import { ExperimentError } from '../../errors';
import { createModel, loadModel } from '../../model/create-model';
import type { ExperimentModel } from '../../model/experiment-model';
import { openDataset } from '../data-files';
import { importModulesFrom } from '../import-modules';
import { readCheckpoint, type WhichCheckpoint } from './checkpoint-folder';
import type { Run } from './run';
import { exists, openRunFolder, type RunFolder } from './run-folder';

/**
 * Opens a run.
 *
 * @param path its folder
 * @throws ExperimentError `RUN_FOLDER` if the folder is not a run
 */
export async function openRun(path: string): Promise<Run> {
  return runOf(await openRunFolder(path));
}

/** Wraps a run's folder in the public interface, which can also open its data and model. */
export function runOf(folder: RunFolder): Run {
  const { path, config, modelFile, finished, metrics, picture } = folder;
  const { recipe, baseFolder } = config;
  return {
    ...{ path, config, modelFile, finished, metrics, picture },
    checkpoint: (which) => readCheckpoint(folder.checkpoints, which),
    dataset: (split) => openDataset(recipe, split, { baseFolder }),
    async loadModel({ checkpoint } = {}) {
      if (checkpoint !== undefined) return loadCheckpoint(folder, checkpoint);
      if (await exists(modelFile)) {
        // The recipe's modules already ran during training, so they are trusted.
        const importModule = importModulesFrom(baseFolder);
        return loadModel(await readBytes(modelFile), { importModule });
      }
      throw new ExperimentError(
        'RUN_FOLDER',
        `'${path}' has no model yet: its training has not ended. Resume it, or load the model of a checkpoint.`,
      );
    },
  };
}

/** Loads the model that training would have saved if it had ended at a checkpoint. */
async function loadCheckpoint(
  { path, config, checkpoints }: RunFolder,
  which: WhichCheckpoint,
): Promise<ExperimentModel> {
  const { state } = await readCheckpoint(checkpoints, which);
  const { recipe, baseFolder } = config;
  const dataset = await openDataset(recipe, 'train', { baseFolder });
  const model = await createModel(recipe, dataset, { importModule: importModulesFrom(baseFolder) });
  try {
    requirePixels(path, model, state);
    model.restore(state);
    await model.calibrate(recipe, dataset);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/**
 * Refuses checkpoints of runs that began before the third axis of inputs counted as channels: their models assign values, not
 * pixels, to groups.
 *
 * @throws ExperimentError `RUN_FOLDER`
 */
export function requirePixels(path: string, model: ExperimentModel, { parameters }: TrainingState): void {
  if (model.kind !== 'tagger' || model.tagger.channels === 1) return;
  const { config, channels, inputSize } = model.tagger;
  const own = Object.entries(model.tagger.parameters());
  if (own.every(([name, { shape }]) => String(parameters[name]?.shape) === String(shape))) return;
  throw new ExperimentError(
    'RUN_FOLDER',
    `The checkpoint of '${path}' does not fit inputs of shape [${config.inputShape}]. They now have ${channels} channels per ` +
      'pixel and one assignment for each pixel, but runs of before have one for each value. Start a new run; with ' +
      `data.inputShape set to [${inputSize}], it has one for each value again.`,
  );
}
