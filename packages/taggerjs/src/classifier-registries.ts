import {
  classifierFromConfig as classifierFromConfigWith,
  convNetwork,
  loadClassifier as loadClassifierWith,
  type Classifier,
  type ClassifierConfig,
  type ClassifierRegistries,
} from '@taggerjs/classifier';
import { ladderNetwork } from '@taggerjs/ladder';

/** The networks of classifiers that this project makes, by the type that a configuration names. */
export const networks = {
  'ladder-network': ladderNetwork,
  'conv-network': convNetwork,
} as const satisfies ClassifierRegistries['networks'];

/** This project's networks, and the caller's beside and before them. */
export function withNetworks(own: ClassifierRegistries = {}): ClassifierRegistries {
  return { ...own, networks: { ...networks, ...own.networks } };
}

/** As `loadClassifier` of `@taggerjs/classifier`, with the networks registered that this project makes. */
export function loadClassifier(
  bytes: Uint8Array,
  { registries }: { readonly registries?: ClassifierRegistries } = {},
): Classifier {
  return loadClassifierWith(bytes, { registries: withNetworks(registries) });
}

/** As `classifierFromConfig` of `@taggerjs/classifier`, with the networks registered that this project makes. */
export function classifierFromConfig(
  config: ClassifierConfig,
  { registries, ...options }: { readonly registries?: ClassifierRegistries; readonly seed?: number | string } = {},
): Classifier {
  return classifierFromConfigWith(config, { ...options, registries: withNetworks(registries) });
}
