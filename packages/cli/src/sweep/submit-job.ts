import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { makeFolder, writeFileAtomic } from '@taggerjs/weights/node';

import { CliError } from '../errors';
import { type OpenedSweep, removePlan, writePlan } from './open-sweep';

/**
 * Writes the plan of a sweep and the specification of its job, and submits it. If the engine refuses the job, a new sweep leaves no
 * files. If the engine may have accepted it, everything stays, because the runs need the plan.
 *
 * @param sweep the sweep
 * @param file the specification: its path, in a folder of its own, and its text
 * @param submit submits the file
 * @param inDoubt what to do if the engine does not answer
 * @returns what `submit` returns
 * @throws CliError `NO_ANSWER` if the engine may have accepted the job; what `submit` throws; `FILE` if a file cannot be written
 */
export async function submitJob<T>(
  sweep: OpenedSweep,
  file: { readonly path: string; readonly text: string },
  submit: () => Promise<T>,
  inDoubt: string,
): Promise<T> {
  await writePlan(sweep);
  try {
    await makeFolder(dirname(file.path));
    await writeFileAtomic(file.path, file.text);
    return await submit();
  } catch (error) {
    if (error instanceof CliError && error.code === 'NO_ANSWER') {
      throw new CliError(
        'NO_ANSWER',
        `${error.message.replace(/\.$/, '')}. The job may have been accepted, so the plan was kept. ${inDoubt}`,
        { cause: error },
      );
    }
    if (!sweep.begun) {
      await rm(file.path, { force: true });
      await rmdir(dirname(file.path)).catch(() => undefined);
      await removePlan(sweep);
    }
    throw error;
  }
}
