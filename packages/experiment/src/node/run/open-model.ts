import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { readBytes } from '@taggerjs/weights/node';

import { ExperimentError } from '../../errors';
import { loadModel } from '../../model/create-model';
import type { ExperimentModel } from '../../model/experiment-model';
import { importModulesFrom } from '../import-modules';
import type { WhichCheckpoint } from './checkpoint-folder';
import { openRun } from './open-run';
import type { Run } from './run';

/** A model, and its run if it was opened from a run. */
export interface OpenedModel {
  /** The model: a Tagger or a classifier. */
  readonly model: ExperimentModel;
  /** The run; undefined if the path is a model file. */
  readonly run?: Run;
}

/** Options of {@link openModel}. */
export interface OpenModelOptions {
  /** The checkpoint to load the model from. @default the model at the end of training */
  readonly checkpoint?: WhichCheckpoint | undefined;
  /** Whether to run the modules that a model file names. A run's own modules always run. @default false */
  readonly trustModules?: boolean;
}

/**
 * Opens the model of a run or of a model file.
 *
 * @param path folder of a run, or a model file
 * @param options the checkpoint, and whether to trust the file's modules
 * @throws ExperimentError `FILE` if the path does not exist, `INPUT` if the file is not a model, `RUN_FOLDER` if the
 *   folder is not a run or has no such model, `INVALID_OPTION` if `checkpoint` is given for a model file; TaggerError as
 *   `loadTagger`; WeightsError `FILE` if the file cannot be read
 */
export async function openModel(path: string, options: OpenModelOptions = {}): Promise<OpenedModel> {
  const { checkpoint, trustModules = false } = options;
  const found = await stat(path).catch((cause: unknown) => {
    throw new ExperimentError(
      'FILE',
      `'${path}' does not exist. Give the folder of a run, such as runs/mine, or a model file, such as ` +
        'runs/mine/model.safetensors.',
      { cause },
    );
  });
  if (found.isDirectory()) {
    const run = await openRun(path);
    return { run, model: await run.loadModel({ checkpoint }) };
  }
  if (checkpoint !== undefined) {
    throw new ExperimentError(
      'INVALID_OPTION',
      `'${path}' is a model file, which has no checkpoints. Give the folder of its run, or leave out the checkpoint.`,
    );
  }
  const bytes = await readBytes(path);
  try {
    const importModule = importModulesFrom(dirname(resolve(path)));
    return { model: await loadModel(bytes, trustModules ? { importModule } : {}) };
  } catch (cause) {
    const { name, code, message } = cause as { name?: string; code?: string; message: string };
    // Other errors, such as an unknown type, already explain what the file needs.
    if (name !== 'WeightsError' && code !== 'INVALID_FILE') throw cause;
    throw new ExperimentError('INPUT', `'${path}' is not a model file. ${message}`, { cause });
  }
}
