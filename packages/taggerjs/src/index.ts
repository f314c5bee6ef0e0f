// The model and its parts.
export {
  calibrate,
  convertOriginal,
  createTagger,
  group,
  initialAssignmentLogits,
  saveTagger,
  Tagger,
  transferParameters,
} from '@taggerjs/tagger';
export type {
  CalibrateOptions,
  ConvertOriginalOptions,
  FromConfigOptions,
  Grouping,
  GroupingIteration,
  GroupOptions,
  IterateInputs,
  IterateOptions,
  IterationOutput,
  Kept,
  LoadTaggerOptions,
  ModelSource,
  PredictionInput,
  RunOptions,
  SaveOptions,
  TaggerConfig,
  TaggerOptions,
  TaggerOutput,
  TaggerParts,
  TaggerRegistries,
  Transfer,
  TransferOptions,
} from '@taggerjs/tagger';
export { loadTagger, registries, taggerFromConfig, withRegistries } from '@taggerjs/experiment';
export {
  convolutional,
  loadComponentFactories,
  loadComponentFactory,
  mlp,
  projected,
  spectral,
} from '@taggerjs/mapping';
export type {
  ComponentRegistries,
  ConvolutionalOptions,
  Core,
  CoreComponent,
  CoreContext,
  CoreEnvironment,
  CoreOutput,
  LoadOptions,
  MappingComponent,
  MappingEnvironment,
  MappingOutput,
  MlpOptions,
  Norm,
  ParametricMapping,
  ProjectedOptions,
  SpectralOptions,
  Statistics,
} from '@taggerjs/mapping';
export { ladder, type LadderOptions } from '@taggerjs/ladder';
export { bitflip, gaussian } from '@taggerjs/noise';
export type { BitflipOptions, GaussianOptions, NoiseComponent, NoiseEnvironment, NoiseModel } from '@taggerjs/noise';

// Classifiers without groups: the Ladder network and a convolutional network.
export { ladderNetwork, LadderNetwork } from '@taggerjs/ladder';
export type { LadderNetworkComponent, LadderNetworkOptions, LadderStep, LayerNoise } from '@taggerjs/ladder';
export {
  calibrateClassifier,
  classify,
  classTargets,
  convNetwork,
  createClassifier,
  saveClassifier,
} from '@taggerjs/classifier';
export type {
  Classifier,
  ClassifierConfig,
  ClassifierOptions,
  ClassifierRegistries,
  ClassifyOptions,
  ConvNetworkOptions,
} from '@taggerjs/classifier';
export { classifierFromConfig, loadClassifier, networks, withNetworks } from '@taggerjs/experiment';
export type {
  ClassifierComponent,
  ClassifierCost,
  ClassifierEnvironment,
  ClassifierInputs,
  ClassifierNetwork,
} from '@taggerjs/mapping';

// Data.
export {
  balancedSubset,
  channelsOf,
  createDataset,
  DatasetError,
  decodeIdx,
  decodePng,
  generateShapes,
  generateTextures,
  IGNORED_SEGMENT,
  inMemoryDataset,
  isPng,
  mnistSplit,
  multiDsprites,
  shapes,
  subset,
  take,
  tetrominoes,
  textureMnist,
} from '@taggerjs/datasets';
export type {
  BalancedSubsetOptions,
  Batch,
  BatchOptions,
  Dataset,
  DatasetErrorCode,
  DatasetSource,
  DatasetStatistics,
  DecodeFileOptions,
  DecodePngOptions,
  Digits,
  ExampleData,
  ExampleRange,
  Examples,
  GenerateShapesOptions,
  InMemoryDatasetOptions,
  Mnist,
  MultiDspritesOptions,
  PngImage,
  ShapeImages,
  ShapeKind,
  ShapesImageOptions,
  ShapesOptions,
  Split,
  SpriteColors,
  TetrominoesOptions,
  TextureMnistOptions,
} from '@taggerjs/datasets';

// Training.
export {
  assignWeights,
  clipByGlobalNorm,
  createAdam,
  createEma,
  createSchedule,
  decodeCheckpoint,
  encodeCheckpoint,
  evaluate,
  evaluateClassifier,
  globalNorm,
  gradientsOf,
  train,
  trainClassifier,
} from '@taggerjs/train';
export type {
  AdamOptions,
  Checkpoint,
  ClassifierEvaluation,
  CostGradients,
  Ema,
  EmaOptions,
  EndEvent,
  EvaluateClassifierOptions,
  EvaluateOptions,
  Evaluation,
  EvaluationEvent,
  EvaluationTimes,
  GroupedExample,
  InterruptEvent,
  IterationScores,
  LoopOptions,
  Optimizer,
  ScheduleOptions,
  SkipEvent,
  StartEvent,
  StepEvent,
  TaggerClassification,
  TrainClassifierOptions,
  TrainEvent,
  TrainingState,
  TrainOptions,
  UpdateOptions,
} from '@taggerjs/train';

// Recipes, and experiments by them.
export { getRecipe, overrideRecipe, parseRecipe, RecipeError, recipes, recipeSchemaJson } from '@taggerjs/recipes';
export type {
  CheckpointRecipe,
  ClassificationRecipe,
  ClassifierModelRecipe,
  ComponentRecipe,
  DataRecipe,
  DataSizesRecipe,
  EvaluationRecipe,
  FileDataRecipe,
  MnistDataRecipe,
  ModelRecipe,
  MultiDspritesDataRecipe,
  Recipe,
  RecipeErrorCode,
  RecipeIssue,
  ShapesDataRecipe,
  TaggerModelRecipe,
  TetrominoesDataRecipe,
  TextureMnistDataRecipe,
  TrainingRecipe,
} from '@taggerjs/recipes';
export {
  createModel,
  ExperimentError,
  loadModel,
  modelKind,
  openDataset,
  openTrainingData,
  taggerConfigOf,
  trainingOptions,
} from '@taggerjs/experiment';
export type {
  ClassifiedExample,
  ClassifierModel,
  DataFiles,
  DataSourceOptions,
  ExperimentErrorCode,
  ExperimentModel,
  ModelEvaluateOptions,
  ModelEvaluation,
  ModelKind,
  TaggerModel,
  TrainingControls,
  TrainingData,
} from '@taggerjs/experiment';

// Measures.
export {
  adjustedMutualInformation,
  adjustedRandIndex,
  argmaxGroups,
  classificationError,
  confusionMatrix,
  groupUsage,
  meanBestOverlap,
  meanSegmentationCovering,
  MetricsError,
  objectDiscoveryScores,
  segmentationScores,
} from '@taggerjs/metrics';
export type {
  AdjustedMutualInformationOptions,
  AdjustedRandIndexOptions,
  ArgmaxGroupsOptions,
  ClassificationErrorOptions,
  ConfusionMatrixOptions,
  EntropyAverage,
  GroupUsage,
  GroupUsageOptions,
  MeanBestOverlapOptions,
  MeanSegmentationCoveringOptions,
  MetricsErrorCode,
  ObjectDiscoveryScores,
  ObjectDiscoveryScoresOptions,
  SegmentationScoresOptions,
} from '@taggerjs/metrics';
export { createRandom, RandomError, randomFromJSON } from '@taggerjs/random';
export type { Random, RandomErrorCode, RandomState } from '@taggerjs/random';

// Pictures.
export {
  confusionFigure,
  curveFigure,
  exampleFigure,
  examplesFromGrouping,
  groupColor,
  groupFigure,
  palette,
  terminalPreview,
  VizError,
} from '@taggerjs/viz';
export type {
  BatchGrouping,
  ConfusionFigureOptions,
  CurveFigureOptions,
  CurveSeries,
  ExampleFigureOptions,
  ExamplesFromGroupingOptions,
  FigureGround,
  GroupExample,
  GroupFigureOptions,
  GroupIteration,
  GroupView,
  TerminalColor,
  TerminalPreviewOptions,
  Theme,
  ValueRange,
  VizErrorCode,
} from '@taggerjs/viz';

// The backend.
export { BACKENDS, hasBfloat16, hasThreads, PRECISIONS, useBackend } from '@taggerjs/backends';
export type { BackendName, BackendOptions, BackendSetup, Precision } from '@taggerjs/backends';
export { describeSetup, useWasm } from '@taggerjs/backend-wasm';
export type { UseWasm, WasmBinary, WasmOptions, WasmSetup } from '@taggerjs/backend-wasm';

// Errors.
export { TaggerError, type AssignableValue, type TaggerErrorCode } from '@taggerjs/nn';
export { WeightsError, type WeightsErrorCode } from '@taggerjs/weights';
