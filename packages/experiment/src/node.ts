// Training, with the run kept in a folder.
export { resumeRun, trainRun } from './node/run/train-run';
export type { BackendBefore, ResumeRunOptions, TrainRunOptions } from './node/run/train-run';
export type { CheckpointEvent, FinishedEvent, ModelEvent, RunEvent, TrainRunEvent } from './node/run/run-events';
export type { WarningEvent } from './node/run/warning-event';

// Runs and their models.
export { openRun } from './node/run/open-run';
export type { MetricsRecord, Run } from './node/run/run';
export type { BackendDescription, DataDigest, RunConfig, RunSource } from './node/run/run-config';
export { openModel, type OpenedModel, type OpenModelOptions } from './node/run/open-model';
export type { BestEvaluation, CheckpointInfo, RunCheckpoint, WhichCheckpoint } from './node/run/checkpoint-folder';

// Data from files.
export { openDataset, openTrainingData, type FolderOptions } from './node/data-files';

// Model files, with every part of this project registered.
export { loadTagger, loadTaggerFile } from './node/load-tagger-file';

// For programs that manage several runs.
export { isRun } from './node/run/run-folder';
export { lockFolder, unseenHolder, type FolderLock, type LockOptions } from './node/lock/folder-lock';
export { modelChecksum } from './node/run/transfer';
export { metricsRecord } from './node/run/recorder';
export { environment } from './node/environment';
