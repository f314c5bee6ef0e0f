import { dirname, resolve } from 'node:path';

import { importFrom } from '@taggerjs/mapping/node';
import { TaggerError } from '@taggerjs/nn';
import { readBytes, writeFileAtomic } from '@taggerjs/weights/node';

import { loadTagger, saveTagger, type LoadTaggerOptions, type SaveOptions } from '../saving/saved-tagger';
import type { Tagger } from '../model/tagger';

/**
 * Saves a Tagger in a file, completely or not at all.
 *
 * @throws TaggerError `INVALID_FILE` if the file cannot be written (`cause`)
 */
export async function saveTaggerFile(tagger: Tagger, path: string, options: SaveOptions = {}): Promise<void> {
  const bytes = await saveTagger(tagger, options);
  try {
    await writeFileAtomic(path, bytes);
  } catch (error) {
    const { message, cause } = error as Error;
    throw new TaggerError('INVALID_FILE', `saveTaggerFile: ${message}`, { cause });
  }
}

/**
 * Loads a Tagger from a file. With `trustModules`, components whose type names a module or package are imported from the
 * file's folder, as by `importFrom` of `@taggerjs/mapping/node`, which runs their code.
 *
 * @throws TaggerError `INVALID_FILE` if the file cannot be read (`cause`); otherwise as {@link loadTagger}
 */
export async function loadTaggerFile(
  path: string,
  { trustModules = false, ...options }: LoadTaggerOptions & { readonly trustModules?: boolean } = {},
): Promise<Tagger> {
  const bytes = await readBytes(path).catch(({ message, cause }: Error) => {
    throw new TaggerError('INVALID_FILE', `loadTaggerFile: ${message}`, { cause });
  });
  const importModule = importFrom(dirname(resolve(path)));
  return loadTagger(bytes, { ...(trustModules && { importModule }), ...options });
}
