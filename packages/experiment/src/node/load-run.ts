import type { Tagger } from '@taggerjs/tagger';

import { ExperimentError } from '../errors';
import type { WhichCheckpoint } from './checkpoint-folder';
import { checkpointModel } from './checkpoint-model';
import { loadTaggerFile } from './load-tagger-file';
import { registriesOf } from './model';
import { exists, openRunFolder, type RunFolder } from './run-folder';
import { isClassifier } from './run-model';

/** A run and its trained model. */
export interface LoadedRun {
  readonly run: RunFolder;
  readonly tagger: Tagger;
}

/**
 * Opens a run's folder and loads its model: that at the end of training, or that of a checkpoint.
 *
 * @throws ExperimentError `RUN_FOLDER` where the folder is no run, training has not saved a model yet, or there is no such
 *   checkpoint
 */
export async function loadRun(given: string, checkpoint?: WhichCheckpoint): Promise<LoadedRun> {
  const run = await openRunFolder(given);
  if (isClassifier(run.config.recipe)) {
    throw new ExperimentError(
      'INVALID_OPTION',
      `'${given}' is a run of a classifier, which has no groups. Measure it with \`tagger evaluate ${given}\`, or see its classes with \`tagger show ${given}\`.`,
    );
  }
  if (checkpoint !== undefined) {
    const { tagger } = await checkpointModel(run, checkpoint);
    if (tagger) return { run, tagger };
  }
  if (!(await exists(run.model))) throw noModelYet(given);
  const registries = await registriesOf(run.config.recipe.model, run.config.baseFolder);
  return { run, tagger: await loadTaggerFile(run.model, { registries }) };
}

/** Why a run's model cannot be loaded where its training has not saved one. */
export function noModelYet(given: string): ExperimentError {
  return new ExperimentError(
    'RUN_FOLDER',
    `'${given}' has no model yet: its training did not end. Go on with \`tagger resume ${given}\`, or take the model of a ` +
      'checkpoint with --checkpoint last.',
  );
}
