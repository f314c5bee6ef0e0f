import { resolveComponent, resolveCore, type ComponentRegistries, type CoreComponent } from '@taggerjs/mapping';
import type { ComponentConfig, Registry } from '@taggerjs/nn';
import { noiseModels, type NoiseComponent, type NoiseEnvironment, type NoiseModel } from '@taggerjs/noise';

import { createTagger, type TaggerOptions } from './create-tagger';
import type { Tagger } from './tagger';
import type { TaggerConfig } from './tagger-config';

/**
 * The cores, mappings and noise models that a configuration may name, in addition to those of the packages `mapping` and
 * `noise`: `{ mappings: { ladder, mine } }`.
 */
export interface TaggerRegistries extends ComponentRegistries {
  /** Noise models by type. */
  readonly noises?: Registry<NoiseModel, NoiseEnvironment>;
}

/** Options of {@link taggerFromConfig}. */
export interface FromConfigOptions extends Pick<TaggerOptions, 'data' | 'seed'> {
  /** Components that the configuration may name. @default {} */
  readonly registries?: TaggerRegistries;
}

/**
 * Creates a Tagger from its JSON configuration, with initial parameters.
 *
 * @throws TaggerError `UNKNOWN_TYPE` if a component is not registered; otherwise as {@link createTagger}
 */
export function taggerFromConfig(config: TaggerConfig, options: FromConfigOptions = {}): Tagger {
  const { registries = {}, ...rest } = options;
  const { noise, core, channels = 1, ...own } = config;
  return createTagger({
    ...own,
    channels,
    noise: noiseFromConfig(noise, registries),
    core: coreFromConfig(core, registries),
    ...rest,
  });
}

/** A core from its JSON, as `resolveCore` of the package `mapping`. @throws TaggerError `UNKNOWN_TYPE` if it is not registered */
export function coreFromConfig(config: ComponentConfig, registries: TaggerRegistries = {}): CoreComponent {
  return resolveCore(config, registries);
}

/** A noise model from its JSON. @throws TaggerError `UNKNOWN_TYPE` if it is not registered */
export function noiseFromConfig(config: ComponentConfig, registries: TaggerRegistries = {}): NoiseComponent {
  const noises: Registry<NoiseModel, NoiseEnvironment> = { ...noiseModels, ...registries.noises };
  return resolveComponent(config, noises, { kind: 'noise model', registries: { ...registries, noises } });
}
