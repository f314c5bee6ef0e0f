import { dirname, resolve } from 'node:path';

import type { Tagger } from '@taggerjs/tagger';
import { loadTaggerFile } from '@taggerjs/tagger/node';

import { CliError } from '../errors';
import { registriesOf } from './model';
import { exists, openRunFolder, type RunFolder } from './run-folder';
import { isClassifier } from './run-model';

/** A run and its trained model. */
export interface LoadedRun {
  readonly run: RunFolder;
  readonly tagger: Tagger;
}

/**
 * Opens a run's folder and loads its model.
 *
 * @throws CliError `RUN_FOLDER` where the folder is no run, or training has not saved a model yet
 */
export async function loadRun(given: string): Promise<LoadedRun> {
  const folder = given.endsWith('.safetensors') ? dirname(resolve(given)) : given;
  const run = await openRunFolder(folder);
  if (!(await exists(run.model))) {
    throw new CliError(
      'RUN_FOLDER',
      `'${given}' has no model yet: its training did not end. Train again with \`tagger train\`.`,
    );
  }
  if (isClassifier(run.config.recipe)) {
    throw new CliError(
      'USAGE',
      `'${given}' is a run of a classifier, which has no groups. Measure it with \`tagger evaluate ${given}\`.`,
    );
  }
  const registries = await registriesOf(run.config.recipe.model, run.config.baseFolder);
  return { run, tagger: await loadTaggerFile(run.model, { registries }) };
}
