/** The segment of elements that belong to no shape or to more than one: left out of every measure. */
export const IGNORED_SEGMENT = 255;

/** Some examples, as plain arrays: row-major, the first axis is the example. The arrays belong to whoever gets them. */
export interface Examples {
  /** Number of examples B. */
  readonly size: number;
  /** [B, N] clean inputs. */
  readonly inputs: Float32Array;
  /** [B, N] the true segment of each element; 255 is left out of every measure. */
  readonly segments?: Uint8Array;
  /** Class labels, [B, labelsPerExample]. */
  readonly labels?: Uint8Array;
  /** Indices of the examples in the dataset, [B]: `dataset.examples(indices)` gives the same examples again. */
  readonly indices: Uint32Array;
}

/** One batch of the sequence that {@link Dataset.batches} makes. */
export interface Batch extends Examples {
  /** Number of this batch, counted from the start of epoch 0: give `position + 1` as `from` to go on after it. */
  readonly position: number;
  /** Epoch of this batch, 0-based. */
  readonly epoch: number;
}

/** Which batches to make. */
export interface BatchOptions {
  /** Examples of each batch, at least 1. A last, smaller batch of an epoch is left out unless `partial`. */
  readonly batchSize: number;
  /** Seed of the order; a new order every epoch. Without one, the order of the dataset. */
  readonly seed?: number | string;
  /** Number of the first batch, counted from the start of epoch 0. @default 0 */
  readonly from?: number;
  /** Number of epochs after which to stop, counted from epoch 0 (so not from `from`). @default Infinity */
  readonly epochs?: number;
  /** Whether the last, smaller batch of an epoch is yielded too. @default false */
  readonly partial?: boolean;
}

/** Mean and standard deviation over all elements of all examples. */
export interface DatasetStatistics {
  /** Of all elements of all examples. */
  readonly mean: number;
  /** Of the population: the mean squared deviation's root, not divided by n - 1. */
  readonly standardDeviation: number;
}

/**
 * Data to train or evaluate on: a fixed list of examples of one shape. Whoever writes one of their own need only write
 * `read`: {@link createDataset} does the rest.
 */
export interface Dataset {
  /** What it is, for people and for run folders, such as `'shapes/train'`. */
  readonly name: string;
  /** Number of examples. */
  readonly size: number;
  /** Shape of one example, such as [20, 20]; its product is N. */
  readonly inputShape: readonly number[];
  /** Labels of each example; 0 where there are none. */
  readonly labelsPerExample: number;
  /**
   * Batches: the same options give the same batches, and `from` starts anywhere among them without making those before.
   * Within an epoch every example comes once at most. Iterating twice starts over.
   */
  batches(options: BatchOptions): AsyncIterable<Batch>;
  /** The examples at some indices, each in [0, size), in their order; an index may come more than once. */
  examples(indices: ArrayLike<number>): Promise<Examples>;
  /** Mean and standard deviation over all elements of all examples. Computed once. */
  statistics(): Promise<DatasetStatistics>;
}
