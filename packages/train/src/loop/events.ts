import type { Evaluation } from '../evaluation/evaluate';
import type { TrainingState } from '../checkpoint/training-state';

/** Training starts. */
export interface StartEvent {
  /** The kind of event. */
  readonly type: 'start';
  /** Number of trained values. */
  readonly parameters: number;
  /** Steps made before; 0 unless training resumes. */
  readonly step: number;
  /** Number of steps at which training ends; `Infinity` if only time ends it. */
  readonly steps: number;
  /** Steps per epoch. */
  readonly stepsPerEpoch: number;
  /**
   * Returns the state of the training, for `train({ resume })`. Call it while handling this event or a later one, up to the
   * evaluation after the last step. It captures the state when called, and then reads it asynchronously.
   *
   * @throws TaggerError `INVALID_OPTION` after the end
   */
  readonly state: () => Promise<TrainingState>;
}

/** One step of the optimizer was made. */
export interface StepEvent {
  /** The kind of event. */
  readonly type: 'step';
  /** Number of steps made, 1-based. */
  readonly step: number;
  /** Epochs seen, fractional. */
  readonly epoch: number;
  /** Training cost C of the batch. For a Tagger that does not classify, the mean of `costs`. */
  readonly cost: number;
  /** Denoising cost at each iteration; for a classifier, unweighted, of each layer that has one. */
  readonly costs: readonly number[];
  /** Unweighted classification cost of the labeled examples, if there are any. */
  readonly classificationCost?: number;
  /** Learning rate of the step. */
  readonly learningRate: number;
  /** Norm of all gradients together, before clipping. */
  readonly gradientNorm: number;
  /** Seconds of training so far, including evaluations and the time before a resumption. */
  readonly seconds: number;
}

/** A step was skipped because a number in it was not finite. It used up its batch and changed no parameter. */
export interface SkipEvent {
  /** The kind of event. */
  readonly type: 'skip';
  /** Number of steps so far, including this one. */
  readonly step: number;
  /** Epochs seen, fractional. */
  readonly epoch: number;
  /** Iteration of the TAG loop where the number occurred, 1-based. Only for a Tagger. */
  readonly iteration?: number;
  /** The tensor that contains it, such as `inputs`, `assignment` or `gradient of 'W_h'`. */
  readonly tensor: string;
  /** Human-readable: which element, and its value. */
  readonly problem: string;
  /** Steps skipped so far. */
  readonly skipped: number;
  /** Seconds of training so far. */
  readonly seconds: number;
}

/** Training was aborted: the moment to save its state. Only the last evaluation follows. */
export interface InterruptEvent {
  /** The kind of event. */
  readonly type: 'interrupt';
  /** Number of steps made. */
  readonly step: number;
  /** Epochs seen, fractional. */
  readonly epoch: number;
  /** Seconds of training so far. */
  readonly seconds: number;
}

/** The model was evaluated. `Result` is what was measured: an `Evaluation` for a Tagger. */
export interface EvaluationEvent<Result = Evaluation> {
  /** The kind of event. */
  readonly type: 'evaluation';
  /** Number of steps made. */
  readonly step: number;
  /** Epochs seen, fractional. */
  readonly epoch: number;
  /** When: before the first step, along the way, or after the last. */
  readonly phase: 'before' | 'during' | 'after';
  /** What was measured, with the averaged weights if `ema` is on. */
  readonly evaluation: Result;
  /** Seconds of training so far. */
  readonly seconds: number;
}

/** Training ended. */
export interface EndEvent {
  /** The kind of event. */
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
