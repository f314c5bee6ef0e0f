// Files: Node only.
export { loadData, readIdx, readMnist } from '@taggerjs/datasets/node';
export type { DatasetSplits, FileDataOptions, LoadDataOptions } from '@taggerjs/datasets/node';
export { importFrom } from '@taggerjs/mapping/node';
export { saveTaggerFile } from '@taggerjs/tagger/node';
export { loadTagger, loadTaggerFile } from '@taggerjs/experiment/node';
export { renderPng } from '@taggerjs/viz/node';
export type { RenderPngOptions } from '@taggerjs/viz/node';

// Training by a recipe, in a folder.
export { openDataset, openModel, openRun, openTrainingData, resumeRun, trainRun } from '@taggerjs/experiment/node';
export type {
  BackendBefore,
  BackendDescription,
  BestEvaluation,
  CheckpointEvent,
  CheckpointInfo,
  DataDigest,
  FinishedEvent,
  FolderOptions,
  MetricsRecord,
  ModelEvent,
  OpenedModel,
  OpenModelOptions,
  ResumeRunOptions,
  Run,
  RunCheckpoint,
  RunConfig,
  RunEvent,
  RunSource,
  TrainRunEvent,
  TrainRunOptions,
  WarningEvent,
  WhichCheckpoint,
} from '@taggerjs/experiment/node';
