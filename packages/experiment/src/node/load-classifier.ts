import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Classifier } from '@taggerjs/classifier';
import { decodeSafetensors, WeightsError } from '@taggerjs/weights';

import type { WhichCheckpoint } from './checkpoint-folder';
import { loadRunClassifier } from './measure-run';
import { exists, openRunFolder } from './run-folder';
import { isClassifier, loadClassifierFile } from './run-model';

/** What the metadata of a classifier's file say. */
const FORMAT = 'taggerjs-classifier';

/**
 * The classifier of a run's folder, or of its model file; undefined where it is neither: then it is for `loadModel`, which says what
 * is wrong.
 *
 * @throws ExperimentError `RUN_FOLDER` where a run has no model; TaggerError as `loadClassifier`
 */
export async function loadIfClassifier(
  given: string,
  checkpoint: WhichCheckpoint | undefined,
): Promise<Classifier | undefined> {
  const there = await stat(given).catch(() => undefined);
  if (there?.isDirectory()) {
    if (!(await exists(join(given, 'config.json')))) return undefined;
    const run = await openRunFolder(given);
    return isClassifier(run.config.recipe) ? loadRunClassifier(run, given, checkpoint) : undefined;
  }
  if (!there?.isFile() || checkpoint !== undefined) return undefined;
  try {
    if (decodeSafetensors(new Uint8Array(await readFile(given))).metadata['format'] !== FORMAT) return undefined;
  } catch (error) {
    if (error instanceof WeightsError) return undefined;
    throw error;
  }
  return loadClassifierFile(given);
}
