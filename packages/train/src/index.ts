// The loop, and what it reports.
export { train, type TaggerClassification, type TrainOptions } from './train';
export { trainClassifier, type TrainClassifierOptions } from './train-classifier';
export type { EvaluationTimes, LoopOptions } from './training-loop';
export type { EndEvent, EvaluationEvent, InterruptEvent, SkipEvent, StartEvent, StepEvent, TrainEvent } from './events';

// Stopping and going on.
export { assignWeights, type TrainingState } from './training-state';
export { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint';

// How well a model does.
export { evaluate, type Evaluation, type EvaluateOptions, type GroupedExample, type IterationScores } from './evaluate';
export { evaluateClassifier, type ClassifierEvaluation, type EvaluateClassifierOptions } from './evaluate-classifier';

// The parts of the loop.
export { createAdam, type AdamOptions } from './adam';
export type { Optimizer } from './optimizer';
export { createSchedule, type ScheduleOptions } from './schedule';
export { createWeightAverage, type WeightAverage } from './weight-average';
export { clipByGlobalNorm, globalNorm, gradientsOf, type CostGradients } from './gradients';
