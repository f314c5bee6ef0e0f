import type { Evaluation } from '../evaluation/evaluate';
import type { TrainingState } from '../checkpoint/training-state';

/** Training begins. */
export interface StartEvent {
  /** Says which event it is. */
  readonly type: 'start';
  /** Number of trained scalar values. */
  readonly parameters: number;
  /** Step from which the run goes on; 0 for a new one. */
  readonly step: number;
  /** Step at which it ends; `Infinity` where only time ends it. */
  readonly steps: number;
  /** Steps of an epoch. */
  readonly stepsPerEpoch: number;
  /**
   * Takes the state of the training, from which `train({ resume })` goes on: call it while handling this event or a later
   * one, up to the evaluation after the last step. Taken at a moment, read in its own time.
   *
   * @throws TaggerError `INVALID_OPTION` after the end
   */
  readonly state: () => Promise<TrainingState>;
}

/** One step of the optimizer was made. */
export interface StepEvent {
  /** Says which event it is. */
  readonly type: 'step';
  /** Number of steps made, 1-based. */
  readonly step: number;
  /** Epochs seen, fractional. */
  readonly epoch: number;
  /** Training cost C of the batch: what is minimized. Of a Tagger that does not classify, the mean of `costs`. */
  readonly cost: number;
  /** The denoising cost at each iteration; of a classifier, of each layer that has one, without its weight. */
  readonly costs: readonly number[];
  /** The classification cost of the labeled examples, without its weight. Where there are some. */
  readonly classificationCost?: number;
  /** Learning rate of the step. */
  readonly learningRate: number;
  /** Norm of all gradients together, before clipping. */
  readonly gradientNorm: number;
  /** Seconds of training so far, evaluations and the time before a resumption included. */
  readonly seconds: number;
}

/** A step was skipped, for a number in it was not finite: the batch is past, no parameter has changed. */
export interface SkipEvent {
  /** Says which event it is. */
  readonly type: 'skip';
  /** Number of steps made, this one included. */
  readonly step: number;
  /** Epochs seen, fractional. */
  readonly epoch: number;
  /** Iteration of the TAG loop at which the number came up, 1-based; of a Tagger. */
  readonly iteration?: number;
  /** The tensor that holds it, such as `inputs`, `assignment` or `gradient of 'W_h'`. */
  readonly tensor: string;
  /** For people: which of its elements, and its value. */
  readonly problem: string;
  /** Steps skipped so far. */
  readonly skipped: number;
  /** Seconds of training so far. */
  readonly seconds: number;
}

/** Training was aborted and makes no further step: the moment to save its state. The last evaluation follows. */
export interface InterruptEvent {
  /** Says which event it is. */
  readonly type: 'interrupt';
  /** Number of steps made. */
  readonly step: number;
  /** Epochs seen, fractional. */
  readonly epoch: number;
  /** Seconds of training so far. */
  readonly seconds: number;
}

/** The model was evaluated. `Result` is what is measured: of a Tagger an `Evaluation`. */
export interface EvaluationEvent<Result = Evaluation> {
  /** Says which event it is. */
  readonly type: 'evaluation';
  /** Number of steps made. */
  readonly step: number;
  /** Epochs seen, fractional. */
  readonly epoch: number;
  /** When: before the first step, along the way, or after the last. */
  readonly phase: 'before' | 'during' | 'after';
  /** What was measured; with the averaged weights if `ema` is on. */
  readonly evaluation: Result;
  /** Seconds of training so far. */
  readonly seconds: number;
}

/** Training ended. */
export interface EndEvent {
  /** Says which event it is. */
  readonly type: 'end';
  /** Number of steps made in all. */
  readonly step: number;
  /** Epochs seen, fractional. */
  readonly epoch: number;
  /** Why: all steps were made, the time was over, or it was aborted. */
  readonly reason: 'steps' | 'time' | 'aborted';
  /** Seconds of training so far. */
  readonly seconds: number;
}

/** What training reports. */
export type TrainEvent<Result = Evaluation> =
  StartEvent | StepEvent | SkipEvent | EvaluationEvent<Result> | InterruptEvent | EndEvent;
