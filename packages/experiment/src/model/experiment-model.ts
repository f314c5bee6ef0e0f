import type { Classifier } from '@taggerjs/classifier';
import type { Dataset } from '@taggerjs/datasets';
import type { Recipe } from '@taggerjs/recipes';
import type { SaveOptions, Tagger } from '@taggerjs/tagger';
import type {
  ClassifierEvaluation,
  EvaluateOptions,
  Evaluation,
  EvaluationTimes,
  GroupedExample,
  LoopOptions,
  TrainEvent,
  TrainingState,
} from '@taggerjs/train';

import type { TrainingData } from '../data-source';

/** How to evaluate a model. Accepts the `evaluation` of a recipe, whose schedule has no effect here. */
export interface ModelEvaluateOptions extends Omit<EvaluateOptions, 'statistics'>, EvaluationTimes {
  /** The statistics that batch normalization uses. @default 'calibrated' */
  readonly statistics?: 'batch' | 'calibrated';
}

/** Options for resuming and stopping a training. */
export type TrainingControls = Pick<LoopOptions, 'resume' | 'signal'>;

/** The interface that Taggers and classifiers share. */
interface ModelActions<Result, Example> {
  /** Number of trained scalar values. */
  readonly parameterCount: number;
  /** Trains the model in place by a recipe. Yields events, like `train` of `@taggerjs/train`. */
  train(
    recipe: Recipe,
    data: TrainingData,
    controls?: TrainingControls,
  ): AsyncGenerator<TrainEvent<Result>, void, undefined>;
  /** Evaluates the model on a dataset. A classifier ignores the options for groups, iterations and chance level. */
  evaluate(dataset: Dataset, options?: ModelEvaluateOptions): Promise<Result>;
  /** Runs the model on the examples of a dataset and returns each input with its groups or classes. */
  show(dataset: Dataset, options?: ModelEvaluateOptions): Promise<Example[]>;
  /** Assigns the weights of a checkpoint: their exponential moving average if the training keeps one. */
  restore(state: TrainingState): void;
  /**
   * Measures the statistics of batch normalization in one pass over training data.
   *
   * @returns whether the model has such statistics
   */
  calibrate(recipe: Recipe, dataset: Dataset): Promise<boolean>;
  /**
   * Saves the model as one safetensors file.
   *
   * @throws ExperimentError `INVALID_OPTION` if the model is a classifier and the data type is float16
   */
  save(options?: SaveOptions): Promise<Uint8Array>;
  /** Releases the tensors. */
  dispose(): void;
}

/** A Tagger in an experiment. */
export interface TaggerModel extends ModelActions<Evaluation, GroupedExample> {
  /** The kind of model. */
  readonly kind: 'tagger';
  /** The Tagger itself. */
  readonly tagger: Tagger;
}

/** A classifier in an experiment. */
export interface ClassifierModel extends ModelActions<ClassifierEvaluation, ClassifiedExample> {
  /** The kind of model. */
  readonly kind: 'classifier';
  /** The classifier itself. */
  readonly classifier: Classifier;
}

/** The model of an experiment. `model.kind` distinguishes the two kinds. */
export type ExperimentModel = TaggerModel | ClassifierModel;

/** The result of `evaluate` of an {@link ExperimentModel}. Only Taggers have `iterations`. */
export type ModelEvaluation = Evaluation | ClassifierEvaluation;

/** An example and the classes that a classifier predicts. */
export interface ClassifiedExample {
  /** The input, [N]. */
  readonly input: Float32Array;
  /** Probabilities of the classes, [C]; they sum to 1. */
  readonly classPosterior: Float32Array;
  /** The true class of each object, if the data have labels. */
  readonly labels?: Uint8Array;
}
