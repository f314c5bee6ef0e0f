import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { WeightsError } from '../errors';

/** Ending of the temporary files of {@link writeFileAtomic}. One that is left over shows that a process was killed. */
export const TEMPORARY_SUFFIX = '.tmp';

/** Options of {@link writeFileAtomic}. */
export interface WriteFileOptions {
  /**
   * Called when the temporary file is complete, immediately before it replaces the file. If it throws, the file stays
   * unchanged.
   */
  readonly beforeRename?: () => void;
}

/**
 * Writes a file completely or not at all: to a temporary file next to it, flushed, then renamed. The folder is flushed too,
 * so that the file survives a loss of power.
 *
 * @param path of the file; an existing file is replaced
 * @param contents the complete contents, or chunks that are written as they arrive
 * @param options a last check before the file is replaced
 * @throws WeightsError `FILE` if the file cannot be written (`cause`), for example because the disk is full; any error of the
 *   chunks or of `beforeRename`, unchanged
 */
export async function writeFileAtomic(
  path: string,
  contents: string | Uint8Array | AsyncIterable<Uint8Array>,
  { beforeRename }: WriteFileOptions = {},
): Promise<void> {
  const temporary = `${path}.${randomUUID()}${TEMPORARY_SUFFIX}`;
  const writing = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new WeightsError('FILE', `'${path}' cannot be written: ${reason}`, { cause });
    }
  };
  try {
    const file = await writing(open(temporary, 'wx'));
    try {
      if (typeof contents === 'string' || ArrayBuffer.isView(contents)) await writing(file.writeFile(contents));
      else for await (const chunk of contents) await writing(file.writeFile(chunk));
      await writing(file.sync());
    } finally {
      await file.close();
    }
    beforeRename?.();
    await writing(rename(temporary, path));
    await writing(syncFolder(dirname(path)));
  } catch (error) {
    // Removing may fail as well, for example if the folder is gone; the first error is the one to report.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Makes a rename durable if the system can: Windows does not open folders. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  try {
    await folder?.sync();
  } catch (error) {
    // Some network file systems cannot flush folders.
    if (!['EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await folder?.close();
  }
}
