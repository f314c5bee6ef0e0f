/** A batch of examples, plain arrays: row-major, the first axis is the example. */
export interface Batch {
  /** Number of examples B. */
  readonly size: number;
  /** [B, N] clean inputs. */
  readonly inputs: Float32Array;
  /** [B, N] the true segment of each element; 255 is left out of every measure. */
  readonly segments?: Uint8Array;
  /** Class labels, [B, labelsPerExample]. */
  readonly labels?: Uint8Array;
  /** Indices of the examples in the dataset, [B]. */
  readonly indices: Uint32Array;
  /** Number of this batch, counted from the start of epoch 0: give `position + 1` as `from` to go on after it. */
  readonly position: number;
  /** Epoch of this batch, 0-based. */
  readonly epoch: number;
}

/** Which batches to make. */
export interface BatchOptions {
  /** Examples of each batch. A last, smaller batch of an epoch is left out unless `partial`. */
  readonly batchSize: number;
  /** Seed of the order; a new order every epoch. Without one, the order of the dataset. */
  readonly seed?: number | string;
  /** Number of the first batch, counted from the start of epoch 0. @default 0 */
  readonly from?: number;
  /** Number of epochs after which to stop, counted from epoch 0. @default Infinity */
  readonly epochs?: number;
  /** Whether the last, smaller batch of an epoch is yielded too. @default false */
  readonly partial?: boolean;
}

/** Data to train or evaluate on. */
export interface Dataset {
  /** What it is, for people and for run folders, such as `'shapes/train'`. */
  readonly name: string;
  /** Number of examples. */
  readonly size: number;
  /** Shape of one example, such as [20, 20]. */
  readonly inputShape: readonly number[];
  /** Labels of each example; 0 where there are none. */
  readonly labelsPerExample: number;
  /** Batches, seeded, repeatable and resumable at any position. */
  batches(options: BatchOptions): AsyncIterable<Batch>;
  /** The examples at some indices, in their order. */
  examples(indices: ArrayLike<number>): Promise<Batch>;
  /** Mean and standard deviation over all elements of all examples. */
  statistics(): Promise<{ readonly mean: number; readonly standardDeviation: number }>;
}
