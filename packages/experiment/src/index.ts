// Every part of the project by name.
export {
  classifierFromConfig,
  loadClassifier,
  loadTagger,
  networks,
  registries,
  taggerFromConfig,
  withNetworks,
  withRegistries,
} from './registries';

// What a classifier makes of examples.
export { classifyExamples, wrongExamples, type ClassifiedExample } from './classified-examples';

// Errors
export { ExperimentError, type ExperimentErrorCode } from './errors';
