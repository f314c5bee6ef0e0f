import type { LoadTaggerOptions, ModelSource, Tagger } from '@taggerjs/tagger';
import { loadTagger as loadTaggerWith, loadTaggerFile as loadTaggerFileWith } from '@taggerjs/tagger/node';

import { withRegistries } from '../registries';

/** As `loadTaggerFile` of `@taggerjs/tagger/node`, with everything registered that this project makes. */
export function loadTaggerFile(
  path: string,
  options: LoadTaggerOptions & { readonly trustModules?: boolean } = {},
): Promise<Tagger> {
  return loadTaggerFileWith(path, { ...options, registries: withRegistries(options.registries) });
}

/** As `loadTagger` of `@taggerjs/tagger/node`: from a path, a URL or bytes, with everything registered that this project makes. */
export function loadTagger(
  source: ModelSource,
  options: LoadTaggerOptions & { readonly trustModules?: boolean } = {},
): Promise<Tagger> {
  return loadTaggerWith(source, { ...options, registries: withRegistries(options.registries) });
}
