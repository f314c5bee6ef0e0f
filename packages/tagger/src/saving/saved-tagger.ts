import { limitParameters, loadComponentFactories, type LoadOptions } from '@taggerjs/mapping';
import {
  assignTree,
  checkOptionNames,
  readTree,
  checkOneOf,
  TaggerError,
  type ComponentFactory,
  type TreeValues,
} from '@taggerjs/nn';
import { decodeSafetensors, encodeSafetensors, toFloat16, toFloat32, type NamedTensor } from '@taggerjs/weights';

import { createTagger } from '../model/create-tagger';
import { bytesOfSource, type ModelSource } from './model-source';
import type { Tagger } from '../model/tagger';
import type { TaggerConfig } from '../model/tagger-config';
import { coreFromConfig, noiseFromConfig, type TaggerRegistries } from '../model/tagger-from-config';

const FORMAT = 'taggerjs';
const VERSION = '1';
/** A prefix keeps names of state and parameters apart. */
const STATE_PREFIX = 'state:';

/** Float16 rounds values from here on to infinity. */
const BEYOND_FLOAT16 = 65_520;

/** Stand in for the statistics of the training data; the file's values overwrite what they initialize. */
const STAND_INS = { mean: 0, standardDeviation: 1 };

/** Options of {@link saveTagger}. */
export interface SaveOptions {
  /** Further metadata, strings by name. `format`, `version` and `config` are reserved. @default {} */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * How to store the parameters. `'float16'` halves the file and keeps 11 significant bits; calibrated statistics stay
   * float32. Loading converts them back to float32. @default 'float32'
   */
  readonly dtype?: 'float32' | 'float16';
}

/** Options of {@link loadTagger}. */
export interface LoadTaggerOptions extends Partial<LoadOptions> {
  /** Components that the file may name, in addition to those of the packages `mapping` and `noise`. @default {} */
  readonly registries?: TaggerRegistries;
}

/**
 * Saves a Tagger as one safetensors file: parameters and calibrated statistics as tensors, the configuration as JSON in the
 * metadata. Parameters keep their names (`W_h`, `ladder/W_1`, ...), so other programs can read them.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is unknown, the metadata use a reserved name, or a parameter is beyond the
 *   range of float16
 */
export async function saveTagger(tagger: Tagger, options: SaveOptions = {}): Promise<Uint8Array> {
  checkOptionNames('saveTagger', options, ['metadata', 'dtype']);
  const { metadata = {}, dtype = 'float32' } = options;
  checkOneOf('saveTagger', 'dtype', dtype, ['float32', 'float16']);
  const own = describeModel(tagger.config);
  const taken = Object.keys(metadata).filter((name) => Object.hasOwn(own, name));
  if (taken.length > 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `saveTagger: the metadata names ${taken.map((name) => `'${name}'`).join(', ')} are reserved. Use other names.`,
    );
  }
  const tensors: Record<string, NamedTensor> = {};
  for (const [name, { shape, data }] of Object.entries(await readTree(tagger.parameters()))) {
    tensors[name] =
      dtype === 'float16'
        ? { dtype: 'F16', shape: [...shape], data: halves(name, data) }
        : { dtype: 'F32', shape: [...shape], data };
  }
  for (const [name, { shape, data }] of Object.entries(await readTree(tagger.state()))) {
    tensors[STATE_PREFIX + name] = { dtype: 'F32', shape: [...shape], data };
  }
  return encodeSafetensors(tensors, { metadata: { ...metadata, ...own } });
}

/**
 * Loads a Tagger that {@link saveTagger} saved. The file must hold exactly the tensors of the model, each of the right shape.
 *
 * @param source the file's bytes, or a URL to fetch; for paths see `@taggerjs/tagger/node`
 * @throws WeightsError if the bytes are not a safetensors file; TaggerError `INVALID_FILE` if they are not a Tagger or cannot
 *   be fetched, `UNSUPPORTED_VERSION` if the file has another format version, `UNKNOWN_TYPE` if a component is not
 *   registered, `PARAMETER_MISMATCH` if the tensors do not fit
 */
export async function loadTagger(source: ModelSource, options: LoadTaggerOptions = {}): Promise<Tagger> {
  checkOptionNames('loadTagger', options, ['registries', 'importModule']);
  const { tensors, metadata } = decodeSafetensors(await bytesOfSource(source));
  const config = readConfig(metadata);
  const loaded = options.importModule
    ? await loadComponentFactories(config, { importModule: options.importModule })
    : {};
  const registries = withFactories(options.registries ?? {}, loaded);
  const { noise, core, channels = 1, ...own } = config;
  const tagger = createTagger({
    ...own,
    channels,
    noise: noiseFromConfig(noise, registries),
    core: limitParameters(coreFromConfig(core, registries), elementsOf(tensors)),
    data: STAND_INS,
  });
  try {
    // Without a prototype, because a tensor may have any name.
    const parameters: Record<string, TreeValues[string]> = Object.create(null);
    const state: Record<string, TreeValues[string]> = Object.create(null);
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

/** Number of elements in all tensors of a file. */
function elementsOf(tensors: Readonly<Record<string, NamedTensor>>): number {
  return Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
}

/** The metadata that turn a safetensors file into a model file. */
export function describeModel(config: TaggerConfig): { format: string; version: string; config: string } {
  return { format: FORMAT, version: VERSION, config: JSON.stringify(config) };
}

/** Converts to float16. A finite value must not become infinite. */
function halves(name: string, data: Float32Array): Uint16Array {
  const largest = data.find((value) => Number.isFinite(value) && Math.abs(value) >= BEYOND_FLOAT16);
  if (largest === undefined) return toFloat16(data);
  throw new TaggerError(
    'INVALID_OPTION',
    `saveTagger: '${name}' contains ${largest}, beyond the range of float16 (65504). Save the model as float32.`,
  );
}

function readConfig(metadata: Readonly<Record<string, string>>): TaggerConfig {
  if (metadata['format'] !== FORMAT || metadata['config'] === undefined) {
    throw new TaggerError(
      'INVALID_FILE',
      "loadTagger: this safetensors file is not a saved Tagger: its metadata lack format 'taggerjs' or a config. Save models " +
        'with saveTagger.',
    );
  }
  if (metadata['version'] !== VERSION) {
    throw new TaggerError(
      'UNSUPPORTED_VERSION',
      `loadTagger: the file has format version ${metadata['version']}; this release reads version ${VERSION}. Use the ` +
        'release of @taggerjs/tagger that wrote it, or a newer one.',
    );
  }
  let config: Partial<TaggerConfig> | null;
  try {
    config = JSON.parse(metadata['config']) as Partial<TaggerConfig> | null;
  } catch (cause) {
    throw new TaggerError('INVALID_FILE', "loadTagger: the file's configuration is not JSON.", { cause });
  }
  // createTagger checks the values. Here only presence: options with a default there have none in a file.
  const missing = [
    'inputShape',
    'groups',
    'iterations',
    'initialPrediction',
    'predictionInput',
    'noise',
    'core',
  ].filter((name) => typeof config !== 'object' || config === null || !Object.hasOwn(config, name));
  if (missing.length > 0) {
    throw new TaggerError('INVALID_FILE', `loadTagger: the file's configuration lacks ${missing.join(', ')}.`);
  }
  return config as TaggerConfig;
}

/** A type that names a module may be any kind of component, so the factories join every registry. */
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
