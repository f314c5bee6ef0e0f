import type { Dataset, Split } from '@taggerjs/datasets';

import type { ExperimentModel } from '../../model/experiment-model';
import type { RunCheckpoint, WhichCheckpoint } from './checkpoint-folder';
import type { RunConfig } from './run-config';

/** One line of a run's metrics: a step, a skipped step, an evaluation or the end. */
export type MetricsRecord = Readonly<Record<string, unknown>>;

/** A run: a training that keeps its configuration, metrics, checkpoints, model and pictures in a folder. */
export interface Run {
  /** Absolute path of the folder. */
  readonly path: string;
  /** How it started. */
  readonly config: RunConfig;
  /** Path of the model file, written when training ends. */
  readonly modelFile: string;
  /** Whether training has reached its end. */
  finished(): Promise<boolean>;
  /**
   * Reads the metrics recorded so far.
   *
   * @throws ExperimentError `RUN_FOLDER` if a line is not JSON
   */
  metrics(): Promise<MetricsRecord[]>;
  /** Path of a picture of the run, given its name. */
  picture(name: string): string;
  /**
   * Reads a checkpoint.
   *
   * @throws ExperimentError `RUN_FOLDER` if there is no such checkpoint, or it is damaged
   */
  checkpoint(which: WhichCheckpoint): Promise<RunCheckpoint>;
  /** Opens a split of its data. Throws as `openDataset`. */
  dataset(split: Split): Promise<Dataset>;
  /**
   * Loads its model.
   *
   * @param options `checkpoint`: a checkpoint whose model to load. @default the model at the end of training
   * @throws ExperimentError `RUN_FOLDER` if training has not saved a model yet, or there is no such checkpoint
   */
  loadModel(options?: { readonly checkpoint?: WhichCheckpoint | undefined }): Promise<ExperimentModel>;
}
