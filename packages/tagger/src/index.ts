// The model.
export { createTagger, type TaggerOptions } from './model/create-tagger';
export {
  Tagger,
  type IterateInputs,
  type IterateOptions,
  type IterationOutput,
  type Kept,
  type RunOptions,
  type TaggerOutput,
  type TaggerParts,
} from './model/tagger';
export type { PredictionInput, TaggerConfig } from './model/tagger-config';
export { initialAssignmentLogits } from './model/initial-assignment';

// Using it.
export { group, type Grouping, type GroupingIteration, type GroupOptions } from './grouping/group';
export { calibrate, type CalibrateOptions } from './grouping/calibrate';

// As JSON, and as one file.
export {
  coreFromConfig,
  noiseFromConfig,
  taggerFromConfig,
  type FromConfigOptions,
  type TaggerRegistries,
} from './model/tagger-from-config';
export { loadTagger, saveTagger, type LoadTaggerOptions, type SaveOptions } from './saving/saved-tagger';
export type { ModelSource } from './saving/model-source';
export { transferParameters, type Transfer, type TransferOptions } from './saving/transfer-parameters';
export { convertOriginal, type ConvertOriginalOptions } from './saving/convert-original';
