import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { CliError } from './errors';

/**
 * Refuses a place that no file can be written to, before any time goes into what is to be written there.
 *
 * @param path of the file; what is there already is replaced
 * @throws CliError `FILE` where its folder is not there or may not be written into, or the path is a folder
 */
export async function requireWritable(path: string): Promise<void> {
  const folder = dirname(path);
  const refuse = (reason: string, cause?: unknown): never => {
    throw new CliError('FILE', `'${path}' cannot be written: ${reason}`, { cause });
  };
  const there = await stat(folder).catch((cause: NodeJS.ErrnoException) =>
    cause.code === 'ENOENT'
      ? refuse(`there is no folder '${folder}'. Make it first, or give another place.`, cause)
      : refuse(`${cause.message}.`, cause),
  );
  if (!there.isDirectory()) refuse(`'${folder}' is a file, not a folder. Give another place.`);
  const own = await stat(path).catch(() => undefined);
  if (own?.isDirectory()) refuse('it is a folder. Give the name of a file in it.');
  await access(folder, constants.W_OK).catch((cause: Error) =>
    refuse(`the folder '${folder}' may not be written into (${cause.message}).`, cause),
  );
}
