import type { Dataset, Split } from '@taggerjs/datasets';

import type { ExperimentModel } from '../../model/experiment-model';
import type { RunCheckpoint, WhichCheckpoint } from './checkpoint-folder';
import type { RunConfig } from './run-config';

/** One line of a run's metrics: a step, a skipped step, an evaluation or the end. */
export type MetricsRecord = Readonly<Record<string, unknown>>;

/** A run: the folder of a training, with its configuration, metrics, checkpoints, model and pictures. */
export interface Run {
  /** Absolute path of the folder. */
  readonly path: string;
  /** The configuration that it started with. */
  readonly config: RunConfig;
  /** Path of the model file, written when training ends. */
  readonly modelFile: string;
  /** Whether training is finished. */
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
   * @throws ExperimentError `RUN_FOLDER` if the checkpoint does not exist or is damaged
   */
  checkpoint(which: WhichCheckpoint): Promise<RunCheckpoint>;
  /** Opens a split of its data. Throws as `openDataset`. */
  dataset(split: Split): Promise<Dataset>;
  /**
   * Loads its model.
   *
   * @param options `checkpoint`: the checkpoint to load the model from. @default the model at the end of training
   * @throws ExperimentError `RUN_FOLDER` if training has not saved a model yet, or the checkpoint does not exist
   */
  loadModel(options?: { readonly checkpoint?: WhichCheckpoint | undefined }): Promise<ExperimentModel>;
}
