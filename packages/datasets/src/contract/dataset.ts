/** The segment of elements that belong to no object or to more than one. Scores ignore these elements. */
export const IGNORED_SEGMENT = 255;

/** Some examples as plain row-major arrays; the first axis is the example. The caller may modify the arrays. */
export interface Examples {
  /** Number of examples B. */
  readonly size: number;
  /** [B, N] clean inputs. The channels of a pixel are next to each other. */
  readonly inputs: Float32Array;
  /** [B, P] the true segment of each pixel, which its channels share; P = N with one channel. Scores ignore 255. */
  readonly segments?: Uint8Array;
  /**
   * [B, P] 1 where the pixel belongs to the background, 0 where it belongs to an object or to several. Present if the data
   * say what is background: the foreground ARI and the other measures of object discovery need it.
   */
  readonly background?: Uint8Array;
  /** Class labels, [B, labelsPerExample]. */
  readonly labels?: Uint8Array;
  /** Indices of the examples in the dataset, [B]: `dataset.examples(indices)` returns the same examples. */
  readonly indices: Uint32Array;
}

/** A batch of {@link Dataset.batches}. */
export interface Batch extends Examples {
  /** Number of this batch, counted from the start of epoch 0: pass `position + 1` as `from` to continue after it. */
  readonly position: number;
  /** Epoch of this batch, 0-based. */
  readonly epoch: number;
}

/** Options of {@link Dataset.batches}. */
export interface BatchOptions {
  /** Examples per batch, at least 1. The incomplete last batch of an epoch is left out unless `partial`. */
  readonly batchSize: number;
  /** Seed of the order, which changes every epoch. @default the order of the dataset */
  readonly seed?: number | string;
  /** Number of the first batch, counted from the start of epoch 0. @default 0 */
  readonly from?: number;
  /** Stops after this epoch, counted from epoch 0 (not from `from`). @default Infinity */
  readonly epochs?: number;
  /** Whether to yield the incomplete last batch of an epoch. @default false */
  readonly partial?: boolean;
}

/** Mean and standard deviation over all elements of all examples. */
export interface DatasetStatistics {
  /** Mean. */
  readonly mean: number;
  /** Standard deviation of the population: divided by n, not n - 1. */
  readonly standardDeviation: number;
}

/**
 * Data to train or evaluate on: a fixed list of examples of one shape. Create your own with {@link createDataset}, which
 * only needs a function that reads examples.
 */
export interface Dataset {
  /** Name for people and run folders, such as `'shapes/train'`. */
  readonly name: string;
  /** Number of examples. */
  readonly size: number;
  /** Shape of one example, such as [20, 20], or [rows, columns, channels]; its product is N. See {@link channelsOf}. */
  readonly inputShape: readonly number[];
  /** Labels per example; 0 without labels. */
  readonly labelsPerExample: number;
  /**
   * Iterates over batches. The same options give the same batches, `from` starts at any of them without reading the ones
   * before, and every example occurs at most once per epoch. A second iteration starts over.
   */
  batches(options: BatchOptions): AsyncIterable<Batch>;
  /** Reads the examples at some indices in [0, size), in that order; indices may repeat. */
  examples(indices: ArrayLike<number>): Promise<Examples>;
  /** Mean and standard deviation over all elements of all examples, computed once. */
  statistics(): Promise<DatasetStatistics>;
}
