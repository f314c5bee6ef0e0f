import { limitParameters } from '@taggerjs/mapping';
import { assignTree, readTree, TaggerError, type TreeValues } from '@taggerjs/nn';
import { decodeSafetensors, encodeSafetensors, toFloat32, type NamedTensor } from '@taggerjs/weights';

import { createClassifier, networkFromConfig, type Classifier, type ClassifierRegistries } from './classifier';
import type { ClassifierConfig } from './classifier-config';

const FORMAT = 'taggerjs-classifier';
const VERSION = '1';
/** A prefix keeps names of state and parameters apart. */
const STATE_PREFIX = 'state:';

/**
 * Saves a classifier as one safetensors file: parameters and calibrated statistics as float32 tensors, the configuration
 * as JSON in the metadata. Parameters keep their names, so other programs can read them.
 *
 * @param classifier what to save
 * @param options what else to save
 * @param options.metadata further metadata, strings by name; `format`, `version` and `config` are reserved
 * @throws TaggerError `INVALID_OPTION` if the metadata use a reserved name
 */
export async function saveClassifier(
  classifier: Classifier,
  { metadata = {} }: { readonly metadata?: Readonly<Record<string, string>> } = {},
): Promise<Uint8Array> {
  const own = { format: FORMAT, version: VERSION, config: JSON.stringify(classifier.config) };
  const taken = Object.keys(metadata).filter((name) => Object.hasOwn(own, name));
  if (taken.length > 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `saveClassifier: the metadata names ${taken.map((name) => `'${name}'`).join(', ')} are reserved. Use other names.`,
    );
  }
  const tensors: Record<string, NamedTensor> = {};
  for (const [prefix, tree] of [
    ['', classifier.parameters()],
    [STATE_PREFIX, classifier.state()],
  ] as const) {
    for (const [name, { shape, data }] of Object.entries(await readTree(tree))) {
      tensors[prefix + name] = { dtype: 'F32', shape: [...shape], data };
    }
  }
  return encodeSafetensors(tensors, { metadata: { ...metadata, ...own } });
}

/**
 * Loads a classifier that {@link saveClassifier} saved. The file must hold exactly the tensors of the model, each of the
 * right shape.
 *
 * @param bytes the file's bytes
 * @throws WeightsError if the bytes are not a safetensors file; TaggerError `INVALID_FILE` if they are not a classifier,
 *   `UNSUPPORTED_VERSION` if the file has another format version, `UNKNOWN_TYPE` if the network is not registered,
 *   `PARAMETER_MISMATCH` if the tensors do not fit
 */
export function loadClassifier(
  bytes: Uint8Array,
  { registries = {} }: { readonly registries?: ClassifierRegistries } = {},
): Classifier {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const elements = Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
  const { network, ...config } = readConfig(metadata);
  const classifier = createClassifier({
    ...config,
    network: limitParameters(networkFromConfig(network, registries), elements),
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
    assignTree(classifier.parameters(), parameters);
    classifier.prepareState?.(Object.fromEntries(Object.entries(state).map(([name, { shape }]) => [name, shape])));
    assignTree(classifier.state(), state);
    return classifier;
  } catch (error) {
    classifier.dispose();
    throw error;
  }
}

function readConfig(metadata: Readonly<Record<string, string>>): ClassifierConfig {
  if (metadata['format'] !== FORMAT || metadata['config'] === undefined) {
    throw new TaggerError(
      'INVALID_FILE',
      `loadClassifier: this safetensors file is not a saved classifier: its metadata lack format '${FORMAT}' or a config. ` +
        'Save classifiers with saveClassifier.',
    );
  }
  if (metadata['version'] !== VERSION) {
    throw new TaggerError(
      'UNSUPPORTED_VERSION',
      `loadClassifier: the file has format version ${metadata['version']}, this release reads version ${VERSION}. Use the ` +
        'release of @taggerjs/classifier that wrote it, or a newer one.',
    );
  }
  let config: Partial<ClassifierConfig> | null;
  try {
    config = JSON.parse(metadata['config']) as Partial<ClassifierConfig> | null;
  } catch (cause) {
    throw new TaggerError('INVALID_FILE', "loadClassifier: the file's configuration is not JSON.", { cause });
  }
  const missing = ['inputShape', 'classes', 'network'].filter(
    (name) => typeof config !== 'object' || config === null || !Object.hasOwn(config, name),
  );
  if (missing.length > 0) {
    throw new TaggerError('INVALID_FILE', `loadClassifier: the file's configuration lacks ${missing.join(', ')}.`);
  }
  return config as ClassifierConfig;
}
