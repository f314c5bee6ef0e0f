// The loop, and what it reports.
export { train, type TaggerClassification, type TrainOptions } from './train';
export { trainClassifier, type TrainClassifierOptions } from './train-classifier';
export type { EvaluationTimes, LoopOptions } from './loop/loop-options';
export type {
  EndEvent,
  EvaluationEvent,
  InterruptEvent,
  SkipEvent,
  StartEvent,
  StepEvent,
  TrainEvent,
} from './loop/events';

// Stopping and going on.
export { assignWeights, type TrainingState } from './checkpoint/training-state';
export { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint/checkpoint';

// How well a model does.
export {
  evaluate,
  type Evaluation,
  type EvaluateOptions,
  type GroupedExample,
  type IterationScores,
} from './evaluation/evaluate';
export {
  evaluateClassifier,
  type ClassifierEvaluation,
  type EvaluateClassifierOptions,
} from './evaluation/evaluate-classifier';

// The parts of the loop.
export { createAdam, type AdamOptions } from './optimizer/adam';
export type { Optimizer } from './optimizer/optimizer';
export { createSchedule, type ScheduleOptions } from './optimizer/schedule';
export { createEma, type Ema, type EmaOptions } from './optimizer/ema';
export { clipByGlobalNorm, globalNorm, gradientsOf, type CostGradients } from './optimizer/gradients';
