import { statfs } from 'node:fs/promises';

import { TaggerError } from '@taggerjs/nn';

/**
 * Refuses to start what the disk cannot hold.
 *
 * @param folder an existing folder on that disk
 * @param bytes the space needed
 * @param what needs it, for the message
 * @throws TaggerError `NO_BACKEND`
 */
export async function requireDiskSpace(folder: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new TaggerError(
    'NO_BACKEND',
    `${what} needs ${megabytes(bytes)} in ${folder}; ${megabytes(free)} are free. Free some space, or pass a folder on ` +
      'another disk with --folder.',
  );
}

/** A number of bytes for people: `720 MB`. */
export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en-US')} MB`;
}
