// The loop, and what it reports.
export { train, type TrainOptions } from './train';
export type { EndEvent, EvaluationEvent, StartEvent, StepEvent, TrainEvent } from './events';

// How well a model does.
export { evaluate, type Evaluation, type EvaluateOptions, type GroupedExample, type IterationScores } from './evaluate';

// The parts of the loop.
export { createAdam, type AdamOptions } from './adam';
export type { Optimizer } from './optimizer';
export { createSchedule, type ScheduleOptions } from './schedule';
export { createWeightAverage, type WeightAverage } from './weight-average';
export { clipByGlobalNorm, globalNorm, gradientsOf, type CostGradients } from './gradients';
