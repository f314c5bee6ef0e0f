import type { Evaluation } from './evaluate';

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
}

/** One step of the optimizer was made. */
export interface StepEvent {
  /** Says which event it is. */
  readonly type: 'step';
  /** Number of steps made, 1-based. */
  readonly step: number;
  /** Epochs seen, fractional. */
  readonly epoch: number;
  /** Training cost C of the batch: mean of the iterations' denoising costs. */
  readonly cost: number;
  /** The denoising cost at each iteration. */
  readonly costs: readonly number[];
  /** Learning rate of the step. */
  readonly learningRate: number;
  /** Norm of all gradients together, before clipping. */
  readonly gradientNorm: number;
  /** Seconds since the start of this call, evaluations included. */
  readonly seconds: number;
}

/** The model was evaluated. */
export interface EvaluationEvent {
  /** Says which event it is. */
  readonly type: 'evaluation';
  /** Number of steps made. */
  readonly step: number;
  /** Epochs seen, fractional. */
  readonly epoch: number;
  /** When: before the first step, along the way, or after the last. */
  readonly phase: 'before' | 'during' | 'after';
  /** What was measured; with averaged weights where averaging is on. */
  readonly evaluation: Evaluation;
  /** Seconds since the start of this call. */
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
  /** Seconds since the start of this call. */
  readonly seconds: number;
}

/** What training reports. */
export type TrainEvent = StartEvent | StepEvent | EvaluationEvent | EndEvent;
