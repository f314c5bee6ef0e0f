import { makeFolder as makeFolderOf } from '@taggerjs/viz/node';

import { CliError } from './errors';

/**
 * Makes a folder, and those above it, where they are not there.
 *
 * @throws CliError `FILE` where it cannot be made
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeFolderOf(path);
  } catch (cause) {
    throw new CliError('FILE', (cause as Error).message, { cause });
  }
}
