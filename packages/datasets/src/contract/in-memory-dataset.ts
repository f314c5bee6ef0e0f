import { DatasetError } from '../errors';
import { channelsOf, elementCount, requireArray, requireName, requireShape, typeName } from '../options';
import { createDataset, type ExampleData } from './create-dataset';
import type { Dataset } from './dataset';

/** Options of {@link inMemoryDataset}. All arrays are row-major, the first axis is the example; they are not copied. */
export interface InMemoryDatasetOptions {
  /** Name for people and run folders, such as `'digits/train'`. */
  readonly name: string;
  /** Shape of one example, such as [28, 28], or [rows, columns, channels]; its product is N. */
  readonly inputShape: readonly number[];
  /** [size, N]; the length determines the number of examples. */
  readonly inputs: Float32Array | Uint8Array | Uint8ClampedArray;
  /** Factor of the inputs: 1 / 255 converts bytes to gray values in [0, 1]. @default 1 */
  readonly scale?: number;
  /** [size, P] the true segment of each pixel, which its channels share; scores ignore 255. */
  readonly segments?: Uint8Array;
  /**
   * What is background: the number of a segment, or [size, P] with 1 where a pixel is background and 0 elsewhere.
   * @default unknown
   */
  readonly background?: number | Uint8Array;
  /** [size, labelsPerExample] class labels; the length determines the number per example. */
  readonly labels?: Uint8Array;
}

/**
 * Creates a dataset of arrays in memory.
 *
 * @throws DatasetError `INVALID_OPTION` for an invalid name, shape or scale; `INVALID_DATA` for an array of the wrong
 * type or length, or an input that is not finite
 */
export function inMemoryDataset(options: InMemoryDatasetOptions): Dataset {
  const { name, inputs, scale = 1, segments, background, labels } = options;
  requireName('inMemoryDataset', name);
  requireShape('inMemoryDataset', options.inputShape);
  if (!Number.isFinite(scale))
    throw new DatasetError('INVALID_OPTION', `inMemoryDataset: scale must be a finite number; got ${String(scale)}.`);
  const inputSize = elementCount(options.inputShape);
  const pixels = inputSize / channelsOf(options.inputShape);
  requireArray(name, 'inputs', inputs, ['Float32Array', 'Uint8Array', 'Uint8ClampedArray']);
  const size = inputs.length / inputSize;
  if (!Number.isInteger(size) || size === 0)
    throw new DatasetError(
      'INVALID_DATA',
      `${name}: the length of inputs must be a multiple of ${inputSize}, the elements of an example of shape ` +
        `[${options.inputShape.join(', ')}], and not 0; got ${inputs.length}.`,
    );
  if (typeName(inputs) === 'Float32Array') {
    const bad = inputs.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new DatasetError(
        'INVALID_DATA',
        `${name}: inputs must be finite numbers; got ${inputs[bad]} in example ${Math.floor(bad / inputSize)}, element ` +
          `${bad % inputSize}.`,
      );
  }
  if (segments !== undefined) {
    requireArray(name, 'segments', segments, ['Uint8Array']);
    if (segments.length !== size * pixels)
      throw new DatasetError(
        'INVALID_DATA',
        `${name}: segments must have a value for each of the ${pixels} pixels of ${size} examples, ${size * pixels} (the ` +
          `channels of a pixel share it); got ${segments.length}.`,
      );
  }
  if (background !== undefined) requireBackground(name, background, segments);
  let labelsPerExample = 0;
  if (labels !== undefined) {
    requireArray(name, 'labels', labels, ['Uint8Array']);
    labelsPerExample = labels.length / size;
    if (!Number.isInteger(labelsPerExample) || labelsPerExample === 0)
      throw new DatasetError(
        'INVALID_DATA',
        `${name}: the length of labels must be a multiple of ${size}, the number of examples, and not 0; got ` +
          `${labels.length}. Omit labels if the data has none.`,
      );
  }

  const isBackground =
    typeof background === 'number' ? segments?.map((segment) => Number(segment === background)) : background;
  return createDataset({
    name,
    size,
    inputShape: options.inputShape,
    labelsPerExample,
    read(indices): ExampleData {
      const rows = new Float32Array(indices.length * inputSize);
      gatherRows(inputs, indices, inputSize, rows);
      if (scale !== 1) for (let i = 0; i < rows.length; i++) rows[i]! *= scale;
      return {
        inputs: rows,
        ...(segments === undefined
          ? {}
          : { segments: gatherRows(segments, indices, pixels, new Uint8Array(indices.length * pixels)) }),
        ...(isBackground === undefined
          ? {}
          : { background: gatherRows(isBackground, indices, pixels, new Uint8Array(indices.length * pixels)) }),
        ...(labels === undefined
          ? {}
          : {
              labels: gatherRows(labels, indices, labelsPerExample, new Uint8Array(indices.length * labelsPerExample)),
            }),
      };
    },
  });
}

function requireBackground(name: string, background: unknown, segments: Uint8Array | undefined): void {
  if (segments === undefined)
    throw new DatasetError('INVALID_OPTION', `${name}: background needs segments. Leave it out if there are none.`);
  if (typeof background === 'number') {
    if (!Number.isInteger(background) || background < 0 || background > 255)
      throw new DatasetError(
        'INVALID_OPTION',
        `${name}: background must be the number of a segment, 0 to 255; got ${background}.`,
      );
    return;
  }
  requireArray(name, 'background', background, ['Uint8Array']);
  const mask = background as Uint8Array;
  const bad = mask.findIndex((value) => value > 1);
  if (mask.length !== segments.length || bad >= 0)
    throw new DatasetError(
      'INVALID_DATA',
      `${name}: background must have a 0 or 1 for each of the ${segments.length} segments; got ` +
        (bad >= 0 ? `${mask[bad]} at ${bad}.` : `${mask.length} values.`),
    );
}

/** Copies row indices[i] of `source` to row i of `target`. */
function gatherRows<Target extends Float32Array | Uint8Array>(
  source: Float32Array | Uint8Array | Uint8ClampedArray,
  indices: Uint32Array,
  rowLength: number,
  target: Target,
): Target {
  indices.forEach((index, row) => {
    target.set(source.subarray(index * rowLength, (index + 1) * rowLength), row * rowLength);
  });
  return target;
}
