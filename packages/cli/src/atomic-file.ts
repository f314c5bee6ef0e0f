import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

import { CliError } from './errors';

/**
 * Writes a file whole or not at all: beside its place, flushed, then renamed.
 *
 * @throws CliError `FILE` where it cannot be written
 */
export async function writeWhole(path: string, contents: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(contents);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    // What went wrong before is what counts: there may be nothing to remove, or no folder.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new CliError(
      'FILE',
      `'${path}' cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}
