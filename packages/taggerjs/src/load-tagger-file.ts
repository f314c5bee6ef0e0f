import type { LoadTaggerOptions, Tagger } from '@taggerjs/tagger';
import { loadTaggerFile as loadTaggerFileWith } from '@taggerjs/tagger/node';

import { withRegistries } from './registries';

/** As `loadTaggerFile` of `@taggerjs/tagger/node`, with everything registered that this project makes. */
export function loadTaggerFile(
  path: string,
  options: LoadTaggerOptions & { readonly trustModules?: boolean } = {},
): Promise<Tagger> {
  return loadTaggerFileWith(path, { ...options, registries: withRegistries(options.registries) });
}
