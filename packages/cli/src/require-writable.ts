import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { CliError } from './errors';

/**
 * Checks that a file can be written before a command spends time computing its contents.
 *
 * @param path path of the file, which may exist
 * @throws CliError `FILE` if the folder does not exist or is not writable, or the path is a folder
 */
export async function requireWritable(path: string): Promise<void> {
  const folder = dirname(path);
  const refuse = (reason: string, cause?: unknown): never => {
    throw new CliError('FILE', `'${path}' cannot be written: ${reason}`, { cause });
  };
  const there = await stat(folder).catch((cause: NodeJS.ErrnoException) =>
    cause.code === 'ENOENT'
      ? refuse(`the folder '${folder}' does not exist. Create it first, or choose another path.`, cause)
      : refuse(`${cause.message}.`, cause),
  );
  if (!there.isDirectory()) refuse(`'${folder}' is a file, not a folder. Choose another path.`);
  const own = await stat(path).catch(() => undefined);
  if (own?.isDirectory()) refuse('it is a folder. Name a file in it.');
  await access(folder, constants.W_OK).catch((cause: Error) =>
    refuse(`the folder '${folder}' is not writable (${cause.message}).`, cause),
  );
}
