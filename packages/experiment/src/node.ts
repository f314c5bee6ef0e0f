// Data, model and run of a recipe, in Node.
export { datasetOf } from './node/data';
export { digestOfData, requireSameData } from './node/data-digest';
export { registriesOf, taggerOf } from './node/model';
export { evaluateRunClassifier, isClassifier, loadClassifierFile, runModelOf } from './node/run-model';
export type { RunData, RunEvaluation, RunModel } from './node/run-model';
export { createRunFolder, exists, FILES, openRunFolder, type RunFolder } from './node/run-folder';
export type { BackendDescription, DataDigest, RunConfig, RunSource } from './node/run-config';
export { lockRun, type RunLock } from './node/run-lock';
export { latestCheckpoint, readCheckpoint, saveCheckpoint } from './node/checkpoint-folder';
export type { BestEvaluation, RunCheckpoint, RunInfo, WhichCheckpoint } from './node/checkpoint-folder';
export { loadModel, type LoadedModel } from './node/load-model';
export { loadIfClassifier } from './node/load-classifier';
export { loadRunClassifier, measureRun } from './node/measure-run';
export type { MeasuredRun, MeasureOptions, PlacedExample } from './node/measure-run';
export { checksumOfModel, transferAgain, transferFrom } from './node/transfer';
export { environment } from './node/environment';

// Model files, with every part of the project registered.
export { loadTagger, loadTaggerFile } from './node/load-tagger-file';
