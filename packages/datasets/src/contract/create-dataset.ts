import { createRandom } from '@taggerjs/random';

import { DatasetError } from '../errors';
import { channelsOf, elementCount, requireName, requireShape, requireWhole } from '../options';
import type { Batch, BatchOptions, Dataset, DatasetStatistics, Examples } from './dataset';

/** What {@link DatasetSource.read} returns: the examples at B indices. */
export interface ExampleData {
  /** [B, N] clean inputs. The channels of a pixel are next to each other. */
  readonly inputs: Float32Array;
  /** [B, P] the true segment of each pixel; scores ignore 255. For all examples or for none. */
  readonly segments?: Uint8Array;
  /** [B, P] 1 where the pixel belongs to the background, otherwise 0. Needs segments. For all examples or for none. */
  readonly background?: Uint8Array;
  /** [B, labelsPerExample] class labels, if `labelsPerExample` is above 0. */
  readonly labels?: Uint8Array;
}

/** Describes a dataset for {@link createDataset}. */
export interface DatasetSource {
  /** Name for people and run folders, such as `'shapes/train'`. */
  readonly name: string;
  /** Number of examples, at least 1. */
  readonly size: number;
  /** Shape of one example, such as [20, 20], or [rows, columns, channels]; its product is N. */
  readonly inputShape: readonly number[];
  /** Labels per example. @default 0 */
  readonly labelsPerExample?: number;
  /**
   * Reads the examples at some indices in [0, size), in that order, into new arrays. The same indices must always give the
   * same values, or batches do not repeat. Do not modify `indices`.
   */
  read(indices: Uint32Array): ExampleData | Promise<ExampleData>;
}

/** Examples read at a time for the statistics. */
const CHUNK = 1000;

/**
 * Creates a dataset of the examples that `source.read` returns: from memory, from files, or generated on the fly.
 *
 * The order of epoch e is the permutation `createRandom(seed).fork('epoch', e).permutation(size)`; its batch b has the
 * entries b * batchSize .. (b + 1) * batchSize - 1. So a batch depends only on the options and its position, and starting
 * at `from` costs one permutation.
 *
 * @throws DatasetError `INVALID_OPTION` for a source without examples, shape or name, and from `batches` for options out of
 * range or a batch size that leaves no batch in an epoch; `INVALID_INDEX` from `examples`; `INVALID_DATA` if `read`
 * returns arrays of the wrong length
 */
export function createDataset(source: DatasetSource): Dataset {
  const { name, size, labelsPerExample = 0 } = source;
  requireName('createDataset', name);
  requireWhole('createDataset', 'size', size, 1, 0xffffffff);
  requireShape('createDataset', source.inputShape);
  requireWhole('createDataset', 'labelsPerExample', labelsPerExample, 0);
  const inputShape = Object.freeze([...source.inputShape]);
  const inputSize = elementCount(inputShape);
  const pixels = inputSize / channelsOf(inputShape);

  const read = async (indices: Uint32Array): Promise<Examples> => {
    const { inputs, segments, background, labels } = await source.read(indices);
    const length = indices.length;
    requireLength(name, 'inputs', inputs.length, length * inputSize, `${length} examples of ${inputSize} elements`);
    if (segments !== undefined)
      requireLength(name, 'segments', segments.length, length * pixels, `${length} examples of ${pixels} pixels`);
    if (background !== undefined)
      requireLength(name, 'background', background.length, segments?.length ?? 0, 'one value for each segment');
    requireLength(
      name,
      'labels',
      labels?.length ?? 0,
      length * labelsPerExample,
      `${length} examples of ${labelsPerExample} labels`,
    );
    return {
      size: length,
      inputs,
      ...(segments === undefined ? {} : { segments }),
      ...(background === undefined ? {} : { background }),
      ...(labels === undefined || labelsPerExample === 0 ? {} : { labels }),
      indices,
    };
  };

  let statistics: Promise<DatasetStatistics> | undefined;

  return {
    name,
    size,
    inputShape,
    labelsPerExample,

    batches(options) {
      const plan = planBatches(name, size, options);
      return { [Symbol.asyncIterator]: () => iterateBatches(plan, read) };
    },

    async examples(indices) {
      const asked = new Uint32Array(indices.length);
      for (let i = 0; i < asked.length; i++) {
        const index = indices[i]!;
        if (!Number.isInteger(index) || index < 0 || index >= size)
          throw new DatasetError(
            'INVALID_INDEX',
            `${name}: examples are numbered 0 to ${size - 1}; got ${String(index)} at position ${i} of the indices.`,
          );
        asked[i] = index;
      }
      return read(asked);
    },

    statistics() {
      statistics ??= measure(size, read).catch((error: unknown) => {
        statistics = undefined; // the next attempt may succeed
        throw error;
      });
      return statistics;
    },
  };
}

/** The validated options of {@link Dataset.batches}, and the batches per epoch. */
interface BatchPlan {
  readonly size: number;
  readonly batchSize: number;
  readonly batchesPerEpoch: number;
  readonly seed: number | string | undefined;
  readonly from: number;
  readonly epochs: number;
}

function planBatches(name: string, size: number, options: BatchOptions): BatchPlan {
  const { batchSize, seed, from = 0, epochs = Infinity, partial = false } = options;
  const operation = `${name}: batches`;
  requireWhole(operation, 'batchSize', batchSize, 1);
  requireWhole(operation, 'from', from, 0);
  if (epochs !== Infinity) requireWhole(operation, 'epochs', epochs, 0);
  if (seed !== undefined && typeof seed !== 'string' && !Number.isFinite(seed))
    throw new DatasetError(
      'INVALID_OPTION',
      `${operation}: seed must be a number or a string; got ${String(seed)}. Omit it to keep the order of the dataset.`,
    );
  const batchesPerEpoch = partial ? Math.ceil(size / batchSize) : Math.floor(size / batchSize);
  if (batchesPerEpoch === 0)
    throw new DatasetError(
      'INVALID_OPTION',
      `${operation}: batchSize must be at most ${size}, the number of examples; ` +
        `got ${batchSize}. Reduce it, or set partial: true.`,
    );
  return { size, batchSize, batchesPerEpoch, seed, from, epochs };
}

async function* iterateBatches(
  plan: BatchPlan,
  read: (indices: Uint32Array) => Promise<Examples>,
): AsyncGenerator<Batch, void, undefined> {
  const { size, batchSize, batchesPerEpoch, seed, epochs } = plan;
  let orderedEpoch = -1;
  let order: Uint32Array | undefined;
  for (let position = plan.from; ; position++) {
    const epoch = Math.floor(position / batchesPerEpoch);
    if (epoch >= epochs) return;
    if (seed !== undefined && epoch !== orderedEpoch) {
      order = createRandom(seed).fork('epoch', epoch).permutation(size);
      orderedEpoch = epoch;
    }
    const start = (position - epoch * batchesPerEpoch) * batchSize;
    const end = Math.min(start + batchSize, size);
    const indices = order?.slice(start, end) ?? Uint32Array.from({ length: end - start }, (_, i) => start + i);
    yield { ...(await read(indices)), position, epoch };
  }
}

/** Merges mean and variance of chunks, in float64, without cancellation (Chan, Golub and LeVeque 1983). */
async function measure(size: number, read: (indices: Uint32Array) => Promise<Examples>): Promise<DatasetStatistics> {
  let count = 0;
  let mean = 0;
  let squares = 0; // sum of squared deviations from the mean
  for (let start = 0; start < size; start += CHUNK) {
    const length = Math.min(CHUNK, size - start);
    const { inputs } = await read(Uint32Array.from({ length }, (_, i) => start + i));
    let sum = 0;
    for (const value of inputs) sum += value;
    const chunkMean = sum / inputs.length;
    let chunkSquares = 0;
    for (const value of inputs) chunkSquares += (value - chunkMean) ** 2;
    const total = count + inputs.length;
    const difference = chunkMean - mean;
    mean += (difference * inputs.length) / total;
    squares += chunkSquares + (difference * difference * count * inputs.length) / total;
    count = total;
  }
  return { mean, standardDeviation: Math.sqrt(squares / count) };
}

function requireLength(name: string, what: string, got: number, expected: number, meaning: string): void {
  if (got !== expected)
    throw new DatasetError('INVALID_DATA', `${name}: ${what} must have ${expected} values (${meaning}); got ${got}.`);
}
