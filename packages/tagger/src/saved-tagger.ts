import { loadComponentFactories, type LoadOptions } from '@taggerjs/mapping';
import { assignTree, readTree, TaggerError, type ComponentFactory, type TreeValues } from '@taggerjs/nn';
import { decodeSafetensors, encodeSafetensors, toFloat32, type NamedTensor } from '@taggerjs/weights';

import type { Tagger } from './tagger';
import type { TaggerConfig } from './tagger-config';
import { taggerFromConfig, type TaggerRegistries } from './tagger-from-config';

const FORMAT = 'taggerjs';
const VERSION = '1';
/** State stands under a prefix of its own, so that it cannot collide with parameters. */
const STATE_PREFIX = 'state:';

/** What {@link saveTagger} takes. */
export interface SaveOptions {
  /** Further metadata of the file, strings by name. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What {@link loadTagger} takes. */
export interface LoadTaggerOptions extends Partial<LoadOptions> {
  /** What the file's configuration may name, beside what comes with the packages `mapping` and `noise`. @default {} */
  readonly registries?: TaggerRegistries;
}

/**
 * Saves a Tagger as one safetensors file: parameters and calibrated statistics as float32 tensors, the configuration as
 * JSON in the metadata. Parameters keep their names (`W_h`, `ladder/W_1`, ...), so that other programs can read them.
 */
export async function saveTagger(tagger: Tagger, { metadata = {} }: SaveOptions = {}): Promise<Uint8Array> {
  const tensors: Record<string, NamedTensor> = {};
  const add = (values: TreeValues, prefix: string) => {
    for (const [name, { shape, data }] of Object.entries(values)) {
      tensors[prefix + name] = { dtype: 'F32', shape: [...shape], data };
    }
  };
  add(await readTree(tagger.parameters()), '');
  add(await readTree(tagger.state()), STATE_PREFIX);
  return encodeSafetensors(tensors, {
    metadata: { ...metadata, format: FORMAT, version: VERSION, config: JSON.stringify(tagger.config) },
  });
}

/**
 * Loads a Tagger that {@link saveTagger} saved. Every tensor of the model must be in the file and every tensor of the file
 * in the model, each of the right shape.
 *
 * @throws WeightsError where the bytes are no safetensors file; TaggerError `INVALID_FILE` where they hold no Tagger,
 *   `UNKNOWN_TYPE` where a part's type is not registered, `PARAMETER_MISMATCH` where the tensors do not fit
 */
export async function loadTagger(bytes: Uint8Array, options: LoadTaggerOptions = {}): Promise<Tagger> {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const config = readConfig(metadata);
  const loaded = options.importModule
    ? await loadComponentFactories(config, { importModule: options.importModule })
    : {};
  const tagger = taggerFromConfig(config, { registries: withFactories(options.registries ?? {}, loaded) });
  try {
    const parameters: Record<string, TreeValues[string]> = {};
    const state: Record<string, TreeValues[string]> = {};
    for (const [name, tensor] of Object.entries(tensors)) {
      const value = { shape: tensor.shape, data: toFloat32(tensor) };
      if (name.startsWith(STATE_PREFIX)) state[name.slice(STATE_PREFIX.length)] = value;
      else parameters[name] = value;
    }
    assignTree(tagger.parameters(), parameters);
    tagger.core.prepareState?.(Object.fromEntries(Object.entries(state).map(([name, { shape }]) => [name, shape])));
    assignTree(tagger.state(), state);
    return tagger;
  } catch (error) {
    tagger.dispose();
    throw error;
  }
}

function readConfig(metadata: Readonly<Record<string, string>>): TaggerConfig {
  if (metadata['format'] !== FORMAT || metadata['config'] === undefined) {
    throw new TaggerError(
      'INVALID_FILE',
      "loadTagger: the file is a safetensors file, but not a saved Tagger: its metadata must say format 'taggerjs' and " +
        'hold a config. Save models with saveTagger.',
    );
  }
  if (metadata['version'] !== VERSION) {
    throw new TaggerError(
      'INVALID_FILE',
      `loadTagger: the file has format version ${metadata['version']}, this package reads version ${VERSION}. ` +
        'Use the release of @taggerjs/tagger that wrote it, or a newer one.',
    );
  }
  try {
    return JSON.parse(metadata['config']) as TaggerConfig;
  } catch (cause) {
    throw new TaggerError('INVALID_FILE', "loadTagger: the file's configuration is not JSON.", { cause });
  }
}

/** A type that names a module may stand for any kind of part: the factories join every registry. */
function withFactories(
  registries: TaggerRegistries,
  factories: Readonly<Record<string, ComponentFactory<never, never>>>,
): TaggerRegistries {
  const { cores, mappings, noises } = registries;
  return {
    ...registries,
    cores: { ...cores, ...(factories as TaggerRegistries['cores']) },
    mappings: { ...mappings, ...(factories as TaggerRegistries['mappings']) },
    noises: { ...noises, ...(factories as TaggerRegistries['noises']) },
  };
}
