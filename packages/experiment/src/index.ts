// The data of a recipe.
export {
  openDataset,
  openTrainingData,
  type DataFiles,
  type DataSourceOptions,
  type TrainingData,
} from './data-source';

// The model of a recipe, and of a file.
export { createModel, loadModel } from './model/create-model';
export type {
  ClassifiedExample,
  ClassifierModel,
  ExperimentModel,
  ModelEvaluateOptions,
  ModelEvaluation,
  TaggerModel,
  TrainingControls,
} from './model/experiment-model';

// Options of other packages, from a recipe.
export { modelKind, taggerConfigOf, trainingOptions, type ModelKind } from './recipe-options';

// All parts of this project, by type.
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

// Errors.
export { ExperimentError, type ExperimentErrorCode } from './errors';
