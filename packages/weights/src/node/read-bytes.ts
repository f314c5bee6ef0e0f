import { readFile } from 'node:fs/promises';

import { WeightsError } from '../errors';

/**
 * Reads a file completely.
 *
 * @param path of the file
 * @returns its bytes, as a plain array: a slice of a `Buffer` would share memory
 * @throws WeightsError `FILE` if the file cannot be read (`cause`)
 */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw new WeightsError('FILE', `'${path}' cannot be read: ${(cause as Error).message}`, { cause });
  }
}
