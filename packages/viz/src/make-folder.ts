import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { VizError } from './viz-error';

/**
 * Makes a folder, and those above it, where they are not there. One by one: `mkdir` of Node with `recursive` never comes
 * back from a file system that takes no new folders and says ENOENT, such as /proc.
 *
 * @param path of the folder
 * @throws VizError `WRITE_FAILED` where it cannot be made (`cause`)
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeEach(resolve(path));
  } catch (cause) {
    throw new VizError('WRITE_FAILED', `The folder '${path}' cannot be made: ${(cause as Error).message}`, { cause });
  }
}

async function makeEach(path: string): Promise<void> {
  const { code } = (await made(path)) ?? {};
  if (code === undefined) return;
  if (code === 'ENOENT' && dirname(path) !== path) await makeEach(dirname(path));
  const error = await made(path);
  if (error !== undefined) throw error;
}

/** Why a folder is not there after all. */
async function made(path: string): Promise<NodeJS.ErrnoException | undefined> {
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
