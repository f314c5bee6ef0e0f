import {
  resolveComponent,
  type ClassifierComponent,
  type ClassifierEnvironment,
  type ClassifierNetwork,
} from '@taggerjs/mapping';
import { requireBackend, TaggerError, type Registries, type Registry } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';

import type { ClassifierConfig } from './classifier-config';

/** A classifier: its network, and what that was made of. */
export interface Classifier extends ClassifierNetwork {
  /** The classifier as plain JSON. */
  readonly config: ClassifierConfig;
  /** Number of elements of an input, N. */
  readonly inputSize: number;
}

/** What {@link createClassifier} takes. */
export interface ClassifierOptions {
  /** Shape of one input, such as [28, 28]; its product is N. */
  readonly inputShape: readonly number[];
  /** Number of classes C, at least 2. */
  readonly classes: number;
  /** The network: `ladderNetwork({ sizes, costWeights })`, or one's own. */
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
 * Makes a classifier with fresh parameters.
 *
 * @throws TaggerError `INVALID_OPTION` where an option is missing or out of range, `NO_BACKEND` before a TensorFlow.js
 *   backend is set up
 */
export function createClassifier({ inputShape, classes, network, seed = 0 }: ClassifierOptions): Classifier {
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
    state: () => made.state(),
    ...(made.prepareState && { prepareState: (names) => made.prepareState?.(names) }),
    dispose: () => made.dispose(),
  };
}

/**
 * Makes a classifier of its JSON, with fresh parameters.
 *
 * @throws TaggerError `UNKNOWN_TYPE` where the network's type is not registered; as {@link createClassifier}
 */
export function classifierFromConfig(
  { inputShape, classes, network }: ClassifierConfig,
  { registries = {}, seed = 0 }: { readonly registries?: ClassifierRegistries; readonly seed?: number | string } = {},
): Classifier {
  return createClassifier({ inputShape, classes, network: networkFromConfig(network, registries), seed });
}

/** A network of its JSON. @throws TaggerError `UNKNOWN_TYPE` where its type is not registered */
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
