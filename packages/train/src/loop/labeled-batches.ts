import { classTargets } from '@taggerjs/classifier';
import type { Batch, Dataset } from '@taggerjs/datasets';
import { TaggerError } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { checkBatchSize } from '../check-data';

/** The data of one step. */
export interface PairedBatch {
  /** Examples whose labels are not used. */
  readonly batch: Batch;
  /** Labeled examples, if they are separate. */
  readonly labeled?: Batch;
}

/** Options of {@link pairedBatches}. */
export interface PairedBatchOptions {
  readonly dataset: Dataset;
  readonly batchSize: number;
  readonly seed: number | string;
  /** The first step. */
  readonly from: number;
  readonly labeled: { readonly dataset: Dataset; readonly batchSize: number } | undefined;
}

/** For each step a batch and, if there are labeled examples, a batch of those in a separate order. */
export async function* pairedBatches(options: PairedBatchOptions): AsyncGenerator<PairedBatch, void, undefined> {
  const { dataset, batchSize, seed, from, labeled } = options;
  const batches = dataset.batches({ batchSize, seed, from });
  if (!labeled) {
    for await (const batch of batches) yield { batch };
    return;
  }
  const others = labeled.dataset
    .batches({ batchSize: labeled.batchSize, seed: `${seed}/labeled`, from })
    [Symbol.asyncIterator]();
  try {
    for await (const batch of batches) {
      const other = await others.next();
      if (other.done) return;
      yield { batch, labeled: other.value };
    }
  } finally {
    await others.return?.();
  }
}

/**
 * Labeled examples per batch: `size`, or all of them if there are fewer.
 *
 * @throws TaggerError `INVALID_OPTION` if the data have no labels, or `size` is not a positive integer
 */
export function labeledBatchSize(where: string, labeled: Dataset, size: number): number {
  if (labeled.labelsPerExample === 0) {
    throw new TaggerError('INVALID_OPTION', `${where}: the labeled examples '${labeled.name}' have no labels.`);
  }
  const most = Number.isInteger(size) ? Math.min(size, labeled.size) : size;
  checkBatchSize(where, labeled, most);
  return most;
}

/** The labels of a batch as targets [B, C]. The caller disposes them. */
export function targetsOf({ labels, size }: Batch, classes: number): tf.Tensor2D {
  return tf.tensor2d(classTargets(labels ?? [], { size, classes }), [size, classes]);
}
