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
async function loadCheckpoint({ config, checkpoints }: RunFolder, which: WhichCheckpoint): Promise<ExperimentModel> {
  const { state } = await readCheckpoint(checkpoints, which);
  const { recipe, baseFolder } = config;
  const dataset = await openDataset(recipe, 'train', { baseFolder });
  const model = await createModel(recipe, dataset, { importModule: importModulesFrom(baseFolder) });
  try {
    model.restore(state);
    await model.calibrate(recipe, dataset);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
