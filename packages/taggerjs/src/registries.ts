import { ladder } from '@taggerjs/ladder';
import { cores, mappings } from '@taggerjs/mapping';
import { noiseModels } from '@taggerjs/noise';
import {
  loadTagger as loadTaggerWith,
  taggerFromConfig as taggerFromConfigWith,
  type FromConfigOptions,
  type LoadTaggerOptions,
  type ModelSource,
  type Tagger,
  type TaggerConfig,
  type TaggerRegistries,
} from '@taggerjs/tagger';

/** Everything that this project makes and a configuration may name. */
export const registries = /* @__PURE__ */ ownRegistries();

// In a function that is pure: at the top of the module, a spread would keep all of it in bundles that use none.
function ownRegistries() {
  return { cores, mappings: { ...mappings, ladder }, noises: noiseModels } as const satisfies TaggerRegistries;
}

/** This project's registries, and the caller's beside and before them. */
export function withRegistries(own: TaggerRegistries = {}): TaggerRegistries {
  return {
    ...own,
    cores: { ...registries.cores, ...own.cores },
    mappings: { ...registries.mappings, ...own.mappings },
    noises: { ...registries.noises, ...own.noises },
  };
}

/** As `loadTagger` of `@taggerjs/tagger`, with everything registered that this project makes, the Ladder among it. */
export function loadTagger(source: ModelSource, options: LoadTaggerOptions = {}): Promise<Tagger> {
  return loadTaggerWith(source, { ...options, registries: withRegistries(options.registries) });
}

/** As `taggerFromConfig` of `@taggerjs/tagger`, with everything registered that this project makes. */
export function taggerFromConfig(config: TaggerConfig, options: FromConfigOptions = {}): Tagger {
  return taggerFromConfigWith(config, { ...options, registries: withRegistries(options.registries) });
}
