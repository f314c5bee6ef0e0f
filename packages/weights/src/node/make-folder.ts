import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { WeightsError } from '../errors';

/**
 * Creates a folder and its missing parents, one by one: Node's `mkdir` with `recursive` never returns on file systems that
 * refuse new folders with ENOENT, such as /proc.
 *
 * @param path of the folder
 * @throws WeightsError `FILE` if the folder cannot be created (`cause`)
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeEach(resolve(path));
  } catch (cause) {
    throw new WeightsError('FILE', `Cannot create the folder '${path}': ${(cause as Error).message}`, { cause });
  }
}

async function makeEach(path: string): Promise<void> {
  const { code } = (await failureOf(path)) ?? {};
  if (code === undefined) return;
  if (code === 'ENOENT' && dirname(path) !== path) await makeEach(dirname(path));
  const error = await failureOf(path);
  if (error !== undefined) throw error;
}

/** Creates one folder. Returns the error, or undefined if the folder exists afterwards. */
async function failureOf(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(path);
  } catch (error) {
    const folder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!folder) return error as NodeJS.ErrnoException;
  }
  return undefined;
}
