import { readCheckpoint, type WhichCheckpoint } from './checkpoint-folder';
import { datasetOf } from './data';
import type { RunFolder } from './run-folder';
import { runModelOf, type RunModel } from './run-model';

/**
 * The model that a run's training would have ended with at a checkpoint.
 *
 * @throws ExperimentError `RUN_FOLDER` where there is no such checkpoint, or it is damaged
 */
export async function checkpointModel(run: RunFolder, which: WhichCheckpoint): Promise<RunModel> {
  const { state } = await readCheckpoint(run.checkpoints, which);
  const { recipe, baseFolder } = run.config;
  const dataset = await datasetOf(recipe, 'train', baseFolder);
  const model = await runModelOf(recipe, dataset, baseFolder);
  try {
    model.restore(state);
    await model.calibrate(dataset);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
