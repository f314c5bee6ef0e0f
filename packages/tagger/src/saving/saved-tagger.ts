import { limitParameters, loadComponentFactories, type LoadOptions } from '@taggerjs/mapping';
import { assignTree, readTree, TaggerError, type ComponentFactory, type TreeValues } from '@taggerjs/nn';
import { decodeSafetensors, encodeSafetensors, toFloat16, toFloat32, type NamedTensor } from '@taggerjs/weights';

import { createTagger } from '../model/create-tagger';
import { bytesOfSource, type ModelSource } from './model-source';
import type { Tagger } from '../model/tagger';
import type { TaggerConfig } from '../model/tagger-config';
import { coreFromConfig, noiseFromConfig, type TaggerRegistries } from '../model/tagger-from-config';

const FORMAT = 'taggerjs';
const VERSION = '1';
/** State stands under a prefix of its own, so that it cannot collide with parameters. */
const STATE_PREFIX = 'state:';

/** From here on float16 rounds to infinity. */
const BEYOND_FLOAT16 = 65_520;

/** For what is made from the statistics of the training data and then overwritten by the file's values. */
const STAND_INS = { mean: 0, standardDeviation: 1 };

/** What {@link saveTagger} takes. */
export interface SaveOptions {
  /** Further metadata of the file, strings by name; `format`, `version` and `config` are taken. @default {} */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * How the parameters are stored. `'float16'` halves the file and keeps 11 significant bits; calibrated statistics stay
   * float32. Either way they are loaded as float32. @default 'float32'
   */
  readonly dtype?: 'float32' | 'float16';
}

/** What {@link loadTagger} takes. */
export interface LoadTaggerOptions extends Partial<LoadOptions> {
  /** What the file's configuration may name, beside what comes with the packages `mapping` and `noise`. @default {} */
  readonly registries?: TaggerRegistries;
}

/**
 * Saves a Tagger as one safetensors file: parameters and calibrated statistics as tensors, the configuration as JSON in
 * the metadata. Parameters keep their names (`W_h`, `ladder/W_1`, ...), so that other programs can read them.
 *
 * @throws TaggerError `INVALID_OPTION` where the metadata use a name that is taken, or a parameter is beyond the range of
 *   float16 and that is asked for
 */
export async function saveTagger(
  tagger: Tagger,
  { metadata = {}, dtype = 'float32' }: SaveOptions = {},
): Promise<Uint8Array> {
  const own = describeModel(tagger.config);
  const taken = Object.keys(metadata).filter((name) => Object.hasOwn(own, name));
  if (taken.length > 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `saveTagger: the metadata ${taken.map((name) => `'${name}'`).join(', ')} are the file's own. Take other names.`,
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
 * Loads a Tagger that {@link saveTagger} saved. Every tensor of the model must be in the file and every tensor of the file
 * in the model, each of the right shape.
 *
 * @param source the file's bytes, or a URL that is fetched; for paths see `@taggerjs/tagger/node`
 * @throws WeightsError where the bytes are no safetensors file; TaggerError `INVALID_FILE` where they hold no Tagger or cannot be fetched,
 *   `UNSUPPORTED_VERSION` where the file is of another version of its format, `UNKNOWN_TYPE` where a part's type is not registered, `PARAMETER_MISMATCH` where the tensors do not fit
 */
export async function loadTagger(source: ModelSource, options: LoadTaggerOptions = {}): Promise<Tagger> {
  const { tensors, metadata } = decodeSafetensors(await bytesOfSource(source));
  const config = readConfig(metadata);
  const loaded = options.importModule
    ? await loadComponentFactories(config, { importModule: options.importModule })
    : {};
  const registries = withFactories(options.registries ?? {}, loaded);
  const { noise, core, ...own } = config;
  const tagger = createTagger({
    ...own,
    noise: noiseFromConfig(noise, registries),
    core: limitParameters(coreFromConfig(core, registries), elementsOf(tensors)),
    data: STAND_INS,
  });
  try {
    // Without a prototype: a tensor may have any name.
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

/** How many numbers the tensors of a file hold. */
function elementsOf(tensors: Readonly<Record<string, NamedTensor>>): number {
  return Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
}

/** The metadata that make a safetensors file a model file. */
export function describeModel(config: TaggerConfig): { format: string; version: string; config: string } {
  return { format: FORMAT, version: VERSION, config: JSON.stringify(config) };
}

/** Values as float16; a finite one must not become infinite. */
function halves(name: string, data: Float32Array): Uint16Array {
  const largest = data.find((value) => Number.isFinite(value) && Math.abs(value) >= BEYOND_FLOAT16);
  if (largest === undefined) return toFloat16(data);
  throw new TaggerError(
    'INVALID_OPTION',
    `saveTagger: '${name}' holds ${largest}, beyond the range of float16 (65504). Save the model as float32.`,
  );
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
      'UNSUPPORTED_VERSION',
      `loadTagger: the file has format version ${metadata['version']}, this package reads version ${VERSION}. ` +
        'Use the release of @taggerjs/tagger that wrote it, or a newer one.',
    );
  }
  let config: Partial<TaggerConfig> | null;
  try {
    config = JSON.parse(metadata['config']) as Partial<TaggerConfig> | null;
  } catch (cause) {
    throw new TaggerError('INVALID_FILE', "loadTagger: the file's configuration is not JSON.", { cause });
  }
  // The options are checked where the Tagger is made of them; but what has a default there has none in a file.
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
