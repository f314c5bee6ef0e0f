// The model.
export { createTagger, type TaggerOptions } from './create-tagger';
export {
  Tagger,
  type IterateInputs,
  type IterateOptions,
  type IterationOutput,
  type RunOptions,
  type TaggerOutput,
  type TaggerParts,
} from './tagger';
export type { PredictionInput, TaggerConfig } from './tagger-config';
export { initialAssignmentLogits } from './initial-assignment';

// Using it.
export { group, type Grouping, type GroupingIteration, type GroupOptions } from './grouping';
export { calibrate, type CalibrateOptions } from './calibrate';

// As JSON, and as one file.
export {
  coreFromConfig,
  noiseFromConfig,
  taggerFromConfig,
  type FromConfigOptions,
  type TaggerRegistries,
} from './tagger-from-config';
export { loadTagger, saveTagger, type LoadTaggerOptions, type SaveOptions } from './saved-tagger';
export type { ModelSource } from './model-source';
export { transferParameters, type Transfer, type TransferOptions } from './transfer-parameters';
export { convertOriginal, type ConvertOriginalOptions } from './convert-original';
