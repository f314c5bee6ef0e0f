// The training loop and its events.
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

// Checkpoints: stop and resume.
export { assignWeights, type TrainingState } from './checkpoint/training-state';
export { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint/checkpoint';

// Evaluation.
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

// The parts of the training loop.
export { createAdam, type AdamOptions } from './optimizer/adam';
export type { Optimizer, UpdateOptions } from './optimizer/optimizer';
export { createSchedule, type ScheduleOptions } from './optimizer/schedule';
export { createEma, type Ema, type EmaOptions } from './optimizer/ema';
export { clipByGlobalNorm, globalNorm, gradientsOf, type CostGradients } from './optimizer/gradients';
