import { classTargets } from '@taggerjs/classifier';
import type { Batch, Dataset } from '@taggerjs/datasets';
import { TaggerError } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { checkBatchSize } from '../check-data';

/** The batches of one step. */
export interface PairedBatch {
  /** Examples whose labels are not looked at. */
  readonly batch: Batch;
  /** Labelled examples, where there are some. */
  readonly labelled?: Batch;
}

/** What {@link pairedBatches} takes. */
export interface PairedBatchOptions {
  readonly dataset: Dataset;
  readonly batchSize: number;
  readonly seed: number | string;
  /** The step to begin with. */
  readonly from: number;
  readonly labelled: { readonly dataset: Dataset; readonly batchSize: number } | undefined;
}

/** A batch for each step, and a labelled one beside it, whose order is its own. Both begin anywhere. */
export async function* pairedBatches(options: PairedBatchOptions): AsyncGenerator<PairedBatch, void, undefined> {
  const { dataset, batchSize, seed, from, labelled } = options;
  const batches = dataset.batches({ batchSize, seed, from });
  if (!labelled) {
    for await (const batch of batches) yield { batch };
    return;
  }
  const others = labelled.dataset
    .batches({ batchSize: labelled.batchSize, seed: `${seed}/labelled`, from })
    [Symbol.asyncIterator]();
  try {
    for await (const batch of batches) {
      const other = await others.next();
      if (other.done) return;
      yield { batch, labelled: other.value };
    }
  } finally {
    await others.return?.();
  }
}

/**
 * The labelled examples of a batch: as many as asked for, or all there are.
 *
 * @throws TaggerError `INVALID_OPTION` where the data have no labels, or the size is none
 */
export function labelledBatchSize(where: string, labelled: Dataset, size: number): number {
  if (labelled.labelsPerExample === 0) {
    throw new TaggerError('INVALID_OPTION', `${where}: the labelled examples '${labelled.name}' have no labels.`);
  }
  const most = Number.isInteger(size) ? Math.min(size, labelled.size) : size;
  checkBatchSize(where, labelled, most);
  return most;
}

/** The labels of a batch as targets [B, C]. The caller disposes them. */
export function targetsOf({ labels, size }: Batch, classes: number): tf.Tensor2D {
  return tf.tensor2d(classTargets(labels ?? [], { size, classes }), [size, classes]);
}
