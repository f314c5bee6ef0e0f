import {
  classifierFromConfig as classifierFromConfigWith,
  convNetwork,
  loadClassifier as loadClassifierWith,
  type Classifier,
  type ClassifierConfig,
  type ClassifierRegistries,
} from '@taggerjs/classifier';
import { ladder, ladderNetwork } from '@taggerjs/ladder';
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

/** Every core, mapping and noise model of this project, by the type that a configuration names. */
export const registries = /* @__PURE__ */ ownRegistries();

// In a pure function, because bundlers keep an unused spread at the top level of a module.
function ownRegistries() {
  return { cores, mappings: { ...mappings, ladder }, noises: noiseModels } as const satisfies TaggerRegistries;
}

/** Every classifier network of this project, by the type that a configuration names. */
export const networks = {
  'ladder-network': ladderNetwork,
  'conv-network': convNetwork,
} as const satisfies ClassifierRegistries['networks'];

/** Adds this project's parts to your registries. Yours win if both use the same name. */
export function withRegistries(own: TaggerRegistries = {}): TaggerRegistries {
  return {
    ...own,
    cores: { ...registries.cores, ...own.cores },
    mappings: { ...registries.mappings, ...own.mappings },
    noises: { ...registries.noises, ...own.noises },
  };
}

/** Adds this project's networks to your registries. Yours win if both use the same name. */
export function withNetworks(own: ClassifierRegistries = {}): ClassifierRegistries {
  return { ...own, networks: { ...networks, ...own.networks } };
}

/** Like `loadTagger` of `@taggerjs/tagger`, with every part of this project registered, including the Ladder. */
export function loadTagger(source: ModelSource, options: LoadTaggerOptions = {}): Promise<Tagger> {
  return loadTaggerWith(source, { ...options, registries: withRegistries(options.registries) });
}

/** Like `taggerFromConfig` of `@taggerjs/tagger`, with every part of this project registered. */
export function taggerFromConfig(config: TaggerConfig, options: FromConfigOptions = {}): Tagger {
  return taggerFromConfigWith(config, { ...options, registries: withRegistries(options.registries) });
}

/** Like `loadClassifier` of `@taggerjs/classifier`, with every network of this project registered. */
export function loadClassifier(
  bytes: Uint8Array,
  { registries }: { readonly registries?: ClassifierRegistries } = {},
): Classifier {
  return loadClassifierWith(bytes, { registries: withNetworks(registries) });
}

/** Like `classifierFromConfig` of `@taggerjs/classifier`, with every network of this project registered. */
export function classifierFromConfig(
  config: ClassifierConfig,
  { registries, ...options }: { readonly registries?: ClassifierRegistries; readonly seed?: number | string } = {},
): Classifier {
  return classifierFromConfigWith(config, { ...options, registries: withNetworks(registries) });
}
