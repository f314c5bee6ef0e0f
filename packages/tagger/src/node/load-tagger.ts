import { fileURLToPath } from 'node:url';

import type { ModelSource } from '../saving/model-source';
import { loadTagger as loadFromSource, type LoadTaggerOptions } from '../saving/saved-tagger';
import type { Tagger } from '../model/tagger';
import { loadTaggerFile } from './tagger-file';

/**
 * `loadTagger` of `@taggerjs/tagger` for Node: loads a Tagger from a path, a URL (`https:`, `http:`, `data:`, `file:`) or
 * bytes. A string without a URL scheme is a path.
 *
 * @throws TaggerError `INVALID_FILE` if the file cannot be read or fetched (`cause`); otherwise as `loadTagger`
 */
export async function loadTagger(
  source: ModelSource,
  { trustModules, ...options }: LoadTaggerOptions & { readonly trustModules?: boolean } = {},
): Promise<Tagger> {
  const isUrl = Object.prototype.toString.call(source) === '[object URL]';
  if (typeof source !== 'string' && !isUrl) return loadFromSource(source, options);
  const text = String(source);
  if (/^(https?|data|blob):/i.test(text)) return loadFromSource(text, options);
  const path = /^file:/i.test(text) ? fileURLToPath(text) : text;
  return loadTaggerFile(path, { ...(trustModules !== undefined && { trustModules }), ...options });
}
