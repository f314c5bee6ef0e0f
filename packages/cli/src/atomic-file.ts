import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { CliError } from './errors';

/**
 * Writes a file whole or not at all: beside its place, flushed, then renamed, the folder flushed too.
 *
 * @param contents all of it, or chunks that are written as they come
 * @throws CliError `FILE` where it cannot be written; what the chunks throw, if that is a CliError
 */
export async function writeWhole(
  path: string,
  contents: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}${TEMPORARY}`;
  try {
    const file = await open(temporary, 'wx');
    try {
      if (typeof contents === 'string' || ArrayBuffer.isView(contents)) await file.writeFile(contents);
      else for await (const chunk of contents) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    // What went wrong before is what counts: there may be nothing to remove, or no folder.
    await rm(temporary, { force: true }).catch(() => undefined);
    if (cause instanceof CliError) throw cause; // what makes the contents failed
    throw new CliError(
      'FILE',
      `'${path}' cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}

/** Makes a renaming last beyond a loss of power, where the system can: Windows opens no folders. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  try {
    await folder?.sync();
  } catch (error) {
    // Some network file systems flush no folders.
    if (!['EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await folder?.close();
  }
}

/** Ending of the files that {@link writeWhole} writes beside their places: left over where a process was killed. */
export const TEMPORARY = '.tmp';
