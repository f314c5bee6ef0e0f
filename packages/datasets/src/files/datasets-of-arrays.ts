import { createRandom } from '@taggerjs/random';
import { toFloat32, type NamedTensor } from '@taggerjs/weights';

import type { Dataset } from '../contract/dataset';
import { inMemoryDataset } from '../contract/in-memory-dataset';
import { SPLITS, type Split } from '../contract/split';
import { subset } from '../contract/subset';
import { fileError } from '../errors';
import { channelsOf, elementCount, isChannelsFirst } from '../options';
import type { ExampleArrays, FileArrays } from './file-arrays';
import { fractionsOf, type FileDataOptions } from './file-data-options';
import { segmentsOfMasks } from './segments-of-masks';

/** A dataset for each split. */
export type DatasetSplits = Readonly<Record<Split, Dataset>>;

/**
 * Creates datasets of the arrays of a file. Holds out random examples for missing splits.
 *
 * @param options validated by `checkFileOptions`
 * @throws DatasetError `INVALID_DATA` if the arrays do not match; `INVALID_OPTION` for a background without segments
 */
export function datasetsOf(file: string, arrays: FileArrays, options: FileDataOptions): DatasetSplits {
  const { seed = 0 } = options;
  const fractions = fractionsOf(options);
  if (options.background !== undefined && !Object.values(arrays).some(({ segments }) => segments))
    throw fileError('INVALID_OPTION', { file }, 'background needs segments, but there are none. Leave it out.');
  // The splits of a file share one scale, even if a split has no byte above 1.
  const scales = { bytes: options.scale ?? (hasGrayBytes(arrays) ? 1 / 255 : 1), others: options.scale ?? 1 };
  const own: Partial<Record<Split, Dataset>> = {};
  for (const split of SPLITS) {
    const part = arrays[split];
    if (part !== undefined) own[split] = datasetOf(file, split, part, { ...options, scales });
  }
  const rest = own.train ?? (arrays.whole && datasetOf(file, undefined, arrays.whole, { ...options, scales }));
  if (rest === undefined)
    throw fileError('INVALID_DATA', { file }, `expected a split 'train'; got only '${Object.keys(own).join("', '")}'.`);
  const shape = String(rest.inputShape);
  for (const [split, dataset] of Object.entries(own))
    if (String(dataset.inputShape) !== shape)
      throw fileError('INVALID_DATA', { file, place: split }, `examples have the shape [${dataset.inputShape.join(', ')}], but training examples [${rest.inputShape.join(', ')}].`); // prettier-ignore

  const missing = (['validation', 'test'] as const).filter((split) => own[split] === undefined);
  if (missing.length === 0) return { train: rest, validation: own.validation!, test: own.test! };
  const counts = missing.map((split) => Math.max(1, Math.round(rest.size * fractions[split])));
  const held = counts.reduce((sum, count) => sum + count, 0);
  if (held >= rest.size)
    throw fileError(
      'INVALID_DATA',
      { file },
      `${held} of ${rest.size} examples would be held out for ${missing.join(' and ')}, leaving none for training.`,
    );
  const order = createRandom(seed).fork('hold-out').permutation(rest.size);
  // Each split keeps the order of the file.
  const parts: Partial<Record<Split, Dataset>> = {};
  let at = 0;
  for (const [i, split] of missing.entries()) parts[split] = subset(rest, order.slice(at, (at += counts[i]!)).sort());
  return { train: subset(rest, order.slice(at).sort()), validation: own.validation ?? parts.validation!, test: own.test ?? parts.test! }; // prettier-ignore
}

/** Factor of the inputs by type. */
interface Scales {
  readonly bytes: number;
  readonly others: number;
}

const isBytes = ({ dtype }: NamedTensor) => dtype === 'U8' || dtype === 'BOOL';

/** Whether the inputs of any split are bytes above 1. */
function hasGrayBytes(arrays: FileArrays): boolean {
  return Object.values(arrays).some(
    ({ inputs }) => isBytes(inputs) && (inputs.data as Uint8Array).some((value) => value > 1),
  );
}

function datasetOf(
  file: string,
  split: Split | undefined,
  arrays: ExampleArrays,
  options: FileDataOptions & { readonly scales: Scales },
): Dataset {
  const { inputs, segments, labels } = arrays;
  const background = options.background ?? arrays.background;
  const where = (what: string) => ({ file, place: split === undefined ? what : `${what} of '${split}'` });
  const [size = 0, ...rest] = inputs.shape;
  if (rest.length === 0 || elementCount(inputs.shape) === 0)
    throw fileError('INVALID_DATA', where('inputs'), `expected at least two axes, the first for examples, and at least one element; got the shape (${inputs.shape.join(', ')}).`); // prettier-ignore
  const inputShape = options.inputShape ?? trimmed(rest);
  if (options.inputShape === undefined && isChannelsFirst(inputShape))
    throw fileError('INVALID_DATA', where('inputs'), `the shape (${inputs.shape.join(', ')}) looks like channels first, but each image must be [rows, columns, channels]. Move the axis of the channels to the end, in NumPy: numpy.moveaxis(inputs, 1, -1). If ${inputShape[2]} is the number of channels, pass the inputShape [${inputShape.join(', ')}].`); // prettier-ignore
  if (elementCount(inputShape) !== elementCount(rest))
    throw fileError('INVALID_DATA', where('inputs'), `inputShape [${inputShape.join(', ')}] has ${elementCount(inputShape)} elements, but examples of the file have ${elementCount(rest)}: (${rest.join(', ')}).`); // prettier-ignore
  if (arrays.background !== undefined && !segments)
    throw fileError('INVALID_DATA', where('background'), 'a background needs segments, but there are none.');
  const own = inputsOf(inputs, where('inputs'), options);
  const pixels = [size, elementCount(rest) / channelsOf(inputShape)] as const;
  return inMemoryDataset({
    name: split === undefined ? file : `${file}/${split}`,
    inputShape,
    ...own,
    ...(segments && { segments: segmentsOf(segments, inputs, where('segments'), { ...options, inputShape }) }),
    ...(segments && background !== undefined && { background: backgroundOf(background, pixels, where('background')) }),
    ...(labels && { labels: labelsOf(labels, size, where('labels')) }),
  });
}

/** Removes outer axes of length 1: [1, 28, 28] and [28, 28, 1] become [28, 28]. */
export function trimmed(shape: readonly number[]): number[] {
  let [from, to] = [0, shape.length];
  while (from < to - 1 && shape[from] === 1) from++;
  while (to > from + 1 && shape[to - 1] === 1) to--;
  return shape.slice(from, to);
}

function inputsOf(
  inputs: NamedTensor,
  where: { file: string; place: string },
  { scales, threshold }: { readonly scales: Scales; readonly threshold?: number },
): { inputs: Float32Array | Uint8Array; scale: number } {
  const values = isBytes(inputs) ? (inputs.data as Uint8Array) : toFloat32(inputs);
  const scale = isBytes(inputs) ? scales.bytes : scales.others;
  if (threshold === undefined) return { inputs: values, scale };
  // The threshold would silently turn NaN into 0.
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw fileError('INVALID_DATA', where, `expected finite numbers; got ${values[bad]} at ${bad}.`);
  return { inputs: Uint8Array.from(values, (value) => Number(value * scale >= threshold)), scale: 1 };
}

function segmentsOf(
  segments: NamedTensor,
  inputs: NamedTensor,
  where: { file: string; place: string },
  { ignoreUpTo, inputShape }: FileDataOptions & { readonly inputShape: readonly number[] },
): Uint8Array {
  const size = inputs.shape[0]!;
  const channels = channelsOf(inputShape);
  const [pixels, own] = [elementCount(inputs.shape) / channels, elementCount(segments.shape)];
  if (segments.shape[0] !== size || own % pixels !== 0 || own === 0)
    throw fileError('INVALID_DATA', where, `expected a segment for each ${channels === 1 ? 'element' : 'pixel'} of (${inputs.shape.join(', ')}), or masks (${size}, K, ...); got (${segments.shape.join(', ')}).`); // prettier-ignore
  const groups = own / pixels;
  // Masks of images with channels may leave the axis of the channels out.
  const axes = segments.shape.length - inputs.shape.length;
  const withoutChannels = axes === 0 && String(segments.shape.slice(2)) === String(inputs.shape.slice(1, -1));
  const masks = segments.shape[1] === groups && (axes === 1 || (withoutChannels && channels > 1));
  if (groups > 1 && !masks) {
    const flat = channels > 1 ? ` If each value has a segment of its own, use the inputShape [${elementCount(inputShape)}].` : ''; // prettier-ignore
    throw fileError('INVALID_DATA', where, `expected masks (${size}, K, ...) for inputs (${inputs.shape.join(', ')}); got (${segments.shape.join(', ')}).${flat}`); // prettier-ignore
  }
  if (!masks) return wholeBytes(segments, where);
  return segmentsOfMasks(toFloat32(segments), { size, groups, where, ...(ignoreUpTo !== undefined && { ignoreUpTo }) });
}

function backgroundOf(
  background: number | NamedTensor,
  [size, pixels]: readonly [size: number, pixels: number],
  where: { file: string; place: string },
): number | Uint8Array {
  if (typeof background === 'number') return background;
  if (background.shape[0] !== size || elementCount(background.shape) !== size * pixels)
    throw fileError('INVALID_DATA', where, `expected a 0 or 1 for each of the ${pixels} pixels of ${size} examples; got (${background.shape.join(', ')}).`); // prettier-ignore
  return wholeBytes(background, where);
}

function labelsOf(labels: NamedTensor, size: number, where: { file: string; place: string }): Uint8Array {
  if (labels.shape[0] !== size || labels.shape.length > 2 || elementCount(labels.shape) === 0)
    throw fileError('INVALID_DATA', where, `expected the shape (${size}) or (${size}, labels per example); got (${labels.shape.join(', ')}).`); // prettier-ignore
  return wholeBytes(labels, where);
}

/** Converts integers from 0 to 255 of any type to bytes. */
function wholeBytes(tensor: NamedTensor, where: { file: string; place: string }): Uint8Array {
  if (tensor.dtype === 'U8') return tensor.data;
  const values = toFloat32(tensor);
  const bad = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value > 255);
  if (bad >= 0)
    throw fileError('INVALID_DATA', where, `expected integers from 0 to 255; got ${values[bad]} at ${bad}.`);
  return Uint8Array.from(values);
}
