import { resolveComponent, resolveCore, type ComponentRegistries, type CoreComponent } from '@taggerjs/mapping';
import type { ComponentConfig, Registry } from '@taggerjs/nn';
import { noiseModels, type NoiseComponent, type NoiseEnvironment, type NoiseModel } from '@taggerjs/noise';

import { createTagger, type TaggerOptions } from './create-tagger';
import type { Tagger } from './tagger';
import type { TaggerConfig } from './tagger-config';

/**
 * The cores, mappings and noise models that a configuration may name, beside those that come with the packages
 * `mapping` and `noise`: `{ mappings: { ladder, mine } }`.
 */
export interface TaggerRegistries extends ComponentRegistries {
  /** Noise models by type. */
  readonly noises?: Registry<NoiseModel, NoiseEnvironment>;
}

/** What {@link taggerFromConfig} takes beside the configuration. */
export interface FromConfigOptions extends Pick<TaggerOptions, 'data' | 'seed'> {
  /** What the configuration may name, beside what comes with the packages. @default {} */
  readonly registries?: TaggerRegistries;
}

/**
 * Makes a Tagger of its JSON, with fresh parameters.
 *
 * @throws TaggerError `UNKNOWN_TYPE` where a part's type is not registered; as {@link createTagger}
 */
export function taggerFromConfig(config: TaggerConfig, options: FromConfigOptions = {}): Tagger {
  const { registries = {}, ...rest } = options;
  const { noise, core, ...own } = config;
  return createTagger({
    ...own,
    noise: noiseFromConfig(noise, registries),
    core: coreFromConfig(core, registries),
    ...rest,
  });
}

/** A core of its JSON, as `resolveCore` of the package `mapping`. @throws TaggerError `UNKNOWN_TYPE` where its type is not registered */
export function coreFromConfig(config: ComponentConfig, registries: TaggerRegistries = {}): CoreComponent {
  return resolveCore(config, registries);
}

/** A noise model of its JSON. @throws TaggerError `UNKNOWN_TYPE` where its type is not registered */
export function noiseFromConfig(config: ComponentConfig, registries: TaggerRegistries = {}): NoiseComponent {
  const noises: Registry<NoiseModel, NoiseEnvironment> = { ...noiseModels, ...registries.noises };
  return resolveComponent(config, noises, { kind: 'noise model', registries: { ...registries, noises } });
}
