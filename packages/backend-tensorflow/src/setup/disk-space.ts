import { statfs } from 'node:fs/promises';

import { TaggerError } from '@taggerjs/nn';

/**
 * Refuses to begin what the disk cannot hold.
 *
 * @param folder where it is to be written; it exists
 * @param bytes how much is needed
 * @param what what needs it, for the message
 * @throws TaggerError `NO_BACKEND`
 */
export async function requireDiskSpace(folder: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new TaggerError(
    'NO_BACKEND',
    `${what} needs ${megabytes(bytes)} in ${folder}, and ${megabytes(free)} are free. Make room, or name a folder on ` +
      'another disk with --folder.',
  );
}

/** A number of bytes for people: `720 MB`. */
export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en-US')} MB`;
}
