// The model and its parts.
export { calibrate, convertOriginal, createTagger, group, saveTagger, Tagger } from '@taggerjs/tagger';
export type {
  ConvertOriginalOptions,
  Grouping,
  GroupOptions,
  IterationOutput,
  ModelSource,
  RunOptions,
  TaggerConfig,
  TaggerOptions,
  TaggerOutput,
  TaggerRegistries,
} from '@taggerjs/tagger';
export { loadTagger, registries, taggerFromConfig, withRegistries } from './registries';
export { convolutional, mlp, projected } from '@taggerjs/mapping';
export type { Core, CoreContext, MappingComponent, ParametricMapping } from '@taggerjs/mapping';
export { ladder } from '@taggerjs/ladder';
export { bitflip, gaussian } from '@taggerjs/noise';
export type { NoiseComponent, NoiseModel } from '@taggerjs/noise';
export { TaggerError, type TaggerErrorCode } from '@taggerjs/nn';
export { WeightsError, type WeightsErrorCode } from '@taggerjs/weights';

// Data, training and measures.
export {
  inMemoryDataset,
  mnistSplit,
  shapes,
  subset,
  take,
  textureMnist,
  type Batch,
  type Dataset,
} from '@taggerjs/datasets';
export { evaluate, train } from '@taggerjs/train';
export type { Evaluation, GroupedExample, TrainEvent, TrainOptions } from '@taggerjs/train';
export { getRecipe, overrideRecipe, parseRecipe, recipes, type Recipe } from '@taggerjs/recipes';
export { adjustedMutualInformation, adjustedRandIndex } from '@taggerjs/metrics';
export { createRandom, type Random } from '@taggerjs/random';

// Pictures.
export { curveFigure, examplesFromGrouping, groupFigure, palette, terminalPreview } from '@taggerjs/viz';

// What computes.
export { describeSetup, useWasm, type WasmOptions, type WasmSetup } from '@taggerjs/backend-wasm';
