import type { TrainEvent } from '@taggerjs/train';

import type { ModelEvaluation } from '../../model/experiment-model';
import type { BackendDescription } from './run-config';
import type { Run } from './run';
import type { WarningEvent } from './warning-event';

/** The run is open, locked for this process, and about to train. */
export interface RunEvent {
  /** Identifies the event. */
  readonly type: 'run';
  /** The run. */
  readonly run: Run;
  /** The backend. */
  readonly backend: BackendDescription;
  /** Step of the checkpoint that training resumes from; null at the beginning. */
  readonly resumedFrom: number | null;
}

/** The run was already finished. No other event follows. */
export interface FinishedEvent {
  /** Identifies the event. */
  readonly type: 'finished';
  /** The run. */
  readonly run: Run;
}

/** A checkpoint was written: a run that stops now resumes from here. */
export interface CheckpointEvent {
  /** Identifies the event. */
  readonly type: 'checkpoint';
  /** Number of steps so far. */
  readonly step: number;
}

/** Training has ended and saved its model. The run is finished unless a signal ended it. This is the last event. */
export interface ModelEvent {
  /** Identifies the event. */
  readonly type: 'model';
  /** Path of the file. */
  readonly path: string;
}

/** Events of `trainRun` and `resumeRun`, including all events of training itself. */
export type TrainRunEvent =
  WarningEvent | RunEvent | FinishedEvent | CheckpointEvent | ModelEvent | TrainEvent<ModelEvaluation>;
