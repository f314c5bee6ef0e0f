import type { LoadTaggerOptions, ModelSource, Tagger } from '@taggerjs/tagger';
import { loadTagger as loadTaggerWith, loadTaggerFile as loadTaggerFileWith } from '@taggerjs/tagger/node';

import { withRegistries } from '../registries';

/** Like `loadTaggerFile` of `@taggerjs/tagger/node`, with every part of this project registered. */
export function loadTaggerFile(
  path: string,
  options: LoadTaggerOptions & { readonly trustModules?: boolean } = {},
): Promise<Tagger> {
  return loadTaggerFileWith(path, { ...options, registries: withRegistries(options.registries) });
}

/** Like `loadTagger` of `@taggerjs/tagger/node`, with every part of this project registered. */
export function loadTagger(
  source: ModelSource,
  options: LoadTaggerOptions & { readonly trustModules?: boolean } = {},
): Promise<Tagger> {
  return loadTaggerWith(source, { ...options, registries: withRegistries(options.registries) });
}
