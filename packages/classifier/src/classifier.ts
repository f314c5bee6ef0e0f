import {
  resolveComponent,
  type ClassifierComponent,
  type ClassifierEnvironment,
  type ClassifierNetwork,
} from '@taggerjs/mapping';
import {
  assignTree,
  checkOptionNames,
  requireBackend,
  TaggerError,
  type AssignableValue,
  type Registries,
  type Registry,
} from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';

import type { ClassifierConfig } from './classifier-config';

/** A classifier: a network with its configuration. */
export interface Classifier extends ClassifierNetwork {
  /** The classifier as plain JSON. */
  readonly config: ClassifierConfig;
  /** Number of elements of an input, N. */
  readonly inputSize: number;
  /**
   * Sets all parameters, from tensors or arrays by name.
   *
   * @throws TaggerError `PARAMETER_MISMATCH` naming every missing, unexpected and misshapen tensor; then nothing has changed
   */
  setParameters(values: Readonly<Record<string, AssignableValue>>): void;
}

/** Options of {@link createClassifier}. */
export interface ClassifierOptions {
  /** Shape of one input, such as [28, 28]; its product is N. */
  readonly inputShape: readonly number[];
  /** Number of classes C, at least 2. */
  readonly classes: number;
  /** The network: `ladderNetwork({ sizes, costWeights })`, or your own. */
  readonly network: ClassifierComponent;
  /** Seed of the initial parameters. @default 0 */
  readonly seed?: number | string;
}

/** The networks that a configuration may name. */
export interface ClassifierRegistries extends Registries {
  /** Factories of networks, by type: `{ 'ladder-network': ladderNetwork }`. */
  readonly networks?: Registry<ClassifierNetwork, ClassifierEnvironment>;
}

/**
 * Creates a classifier with initial parameters.
 *
 * @throws TaggerError `INVALID_OPTION` if an option is missing, unknown or out of range; `NO_BACKEND` if no TensorFlow.js
 *   backend is set up
 */
export function createClassifier(options: ClassifierOptions): Classifier {
  checkOptionNames('createClassifier', options, ['inputShape', 'classes', 'network', 'seed']);
  const { inputShape, classes, network, seed = 0 } = options;
  if (
    !Array.isArray(inputShape) ||
    inputShape.length === 0 ||
    inputShape.some((size) => !Number.isInteger(size) || size < 1)
  ) {
    throw new TaggerError(
      'INVALID_OPTION',
      `createClassifier: inputShape must be one or more positive integers, such as [28, 28], not [${inputShape}].`,
    );
  }
  if (!Number.isInteger(classes) || classes < 2) {
    throw new TaggerError(
      'INVALID_OPTION',
      `createClassifier: classes must be an integer of at least 2, not ${classes}.`,
    );
  }
  requireBackend('createClassifier');
  const made = network.create({ inputShape, classes, random: createRandom(seed).fork('parameters') });
  return {
    config: { inputShape: [...inputShape], classes, network: network.config },
    inputSize: inputShape.reduce((product, size) => product * size, 1),
    cost: (inputs, context) => made.cost(inputs, context),
    predict: (x, context) => made.predict(x, context),
    parameters: () => made.parameters(),
    setParameters: (values) => assignTree(made.parameters(), values),
    state: () => made.state(),
    ...(made.prepareState && { prepareState: (names) => made.prepareState?.(names) }),
    dispose: () => made.dispose(),
  };
}

/**
 * Creates a classifier from its JSON configuration, with initial parameters.
 *
 * @throws TaggerError `UNKNOWN_TYPE` if the network is not registered; otherwise as {@link createClassifier}
 */
export function classifierFromConfig(
  { inputShape, classes, network }: ClassifierConfig,
  { registries = {}, seed = 0 }: { readonly registries?: ClassifierRegistries; readonly seed?: number | string } = {},
): Classifier {
  return createClassifier({ inputShape, classes, network: networkFromConfig(network, registries), seed });
}

/** A network from its JSON. @throws TaggerError `UNKNOWN_TYPE` if it is not registered */
export function networkFromConfig(
  config: ClassifierConfig['network'],
  registries: ClassifierRegistries,
): ClassifierComponent {
  const networks = { ...registries.networks };
  return resolveComponent<ClassifierNetwork, ClassifierEnvironment>(config, networks, {
    kind: 'classifier network',
    registries: registries as Registries,
  });
}
