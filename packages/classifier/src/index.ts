// A classifier, and as JSON.
export {
  classifierFromConfig,
  createClassifier,
  type Classifier,
  type ClassifierOptions,
  type ClassifierRegistries,
} from './classifier';
export type { ClassifierConfig } from './classifier-config';

// A convolutional network; the Ladder is in `@taggerjs/ladder`.
export { convNetwork, type ConvNetworkOptions } from './conv-network';

// Using it.
export { classTargets } from './class-targets';
export { calibrateClassifier, classify, type ClassifyOptions } from './classify';

// As one file.
export { loadClassifier, saveClassifier } from './saved-classifier';
