import { stat } from 'node:fs/promises';

import type { Tagger } from '@taggerjs/tagger';

import { ExperimentError } from '../errors';
import type { WhichCheckpoint } from './checkpoint-folder';
import { loadRun } from './load-run';
import { loadTaggerFile } from './load-tagger-file';
import type { RunFolder } from './run-folder';

/** A model, and the run it is of where it was given by one. */
export interface LoadedModel {
  readonly tagger: Tagger;
  readonly run?: RunFolder;
}

/**
 * Loads the model of a run's folder, or of a model file that needs nothing beside it.
 *
 * @param checkpoint which of a run's checkpoints, in place of the model at the end of its training
 * @param trustModules whether to import the modules that a model file names; a run's own are always trusted
 * @throws ExperimentError `RUN_FOLDER` where a folder is no run or has no model, `FILE` where there is nothing of that name, `INPUT` where a
 *   file is no model; as `loadTaggerFile`
 */
export async function loadModel(
  given: string,
  {
    checkpoint,
    trustModules = false,
  }: { readonly checkpoint?: WhichCheckpoint | undefined; readonly trustModules?: boolean } = {},
): Promise<LoadedModel> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(given)).isDirectory();
  } catch (cause) {
    throw new ExperimentError(
      'FILE',
      `There is no '${given}'. Give the folder of a run, such as runs/mine, or a model file, such as ` +
        'runs/mine/model.safetensors.',
      { cause },
    );
  }
  if (isFolder) return loadRun(given, checkpoint);
  if (checkpoint !== undefined) {
    throw new ExperimentError(
      'INVALID_OPTION',
      `'${given}' is a model file, and --checkpoint takes a model of a run's checkpoints. Give the folder of the run.`,
    );
  }
  try {
    return { tagger: await loadTaggerFile(given, { trustModules }) };
  } catch (cause) {
    const { name, code, message } = cause as { name?: string; code?: string; message: string };
    // What is wrong with the file, without the names of functions; what it needs beside it, a type, is said by itself.
    if (name !== 'WeightsError' && code !== 'INVALID_FILE') throw cause;
    throw new ExperimentError('INPUT', `'${given}' is no model file. ${message}`, { cause });
  }
}
