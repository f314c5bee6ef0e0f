import { createRandom } from '@taggerjs/random';
import { toFloat32, type NamedTensor } from '@taggerjs/weights';

import type { Dataset } from '../contract/dataset';
import { inMemoryDataset } from '../contract/in-memory-dataset';
import { SPLITS, type Split } from '../contract/split';
import { subset } from '../contract/subset';
import { fileError } from '../errors';
import { elementCount } from '../options';
import type { ExampleArrays, FileArrays } from './file-arrays';
import { fractionsOf, type FileDataOptions } from './file-data-options';
import { segmentsOfMasks } from './segments-of-masks';

/** The three parts of a file's data. */
export type DatasetSplits = Readonly<Record<Split, Dataset>>;

/**
 * Datasets of what a file has.
 *
 * @param options as {@link checkFileOptions} has passed them
 * @throws DatasetError `INVALID_DATA` where the arrays do not fit each other
 */
export function datasetsOf(file: string, arrays: FileArrays, options: FileDataOptions): DatasetSplits {
  const { seed = 0 } = options;
  const fractions = fractionsOf(options);
  // One scale for all parts: those of one file are of one kind, whatever the brightest byte of each.
  const scales = { bytes: options.scale ?? (hasGreyBytes(arrays) ? 1 / 255 : 1), others: options.scale ?? 1 };
  const own: Partial<Record<Split, Dataset>> = {};
  for (const split of SPLITS) {
    const part = arrays[split];
    if (part !== undefined) own[split] = datasetOf(file, split, part, { ...options, scales });
  }
  const rest = own.train ?? (arrays.whole && datasetOf(file, undefined, arrays.whole, { ...options, scales }));
  if (rest === undefined)
    throw fileError(
      'INVALID_DATA',
      { file },
      `it has no examples to train on, but a part '${Object.keys(own).join("', '")}'.`,
    );
  const shape = String(rest.inputShape);
  for (const [split, dataset] of Object.entries(own))
    if (String(dataset.inputShape) !== shape)
      throw fileError('INVALID_DATA', { file, place: split }, `the examples are of shape [${dataset.inputShape.join(', ')}], those to train on of [${rest.inputShape.join(', ')}].`); // prettier-ignore

  const missing = (['validation', 'test'] as const).filter((split) => own[split] === undefined);
  if (missing.length === 0) return { train: rest, validation: own.validation!, test: own.test! };
  const counts = missing.map((split) => Math.max(1, Math.round(rest.size * fractions[split])));
  const held = counts.reduce((sum, count) => sum + count, 0);
  if (held >= rest.size)
    throw fileError(
      'INVALID_DATA',
      { file },
      `of ${rest.size} examples ${held} would be held out for ${missing.join(' and ')}: none are left to train on.`,
    );
  const order = createRandom(seed).fork('hold-out').permutation(rest.size);
  // In the order of the file, each part.
  const parts: Partial<Record<Split, Dataset>> = {};
  let at = 0;
  for (const [i, split] of missing.entries()) parts[split] = subset(rest, order.slice(at, (at += counts[i]!)).sort());
  return { train: subset(rest, order.slice(at).sort()), validation: own.validation ?? parts.validation!, test: own.test ?? parts.test! }; // prettier-ignore
}

/** What inputs are multiplied by, by their type. */
interface Scales {
  readonly bytes: number;
  readonly others: number;
}

const isBytes = ({ dtype }: NamedTensor) => dtype === 'U8' || dtype === 'BOOL';

/** Whether inputs of some part are bytes, and not all of these are zeros and ones. */
function hasGreyBytes(arrays: FileArrays): boolean {
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
  const where = (what: string) => ({ file, place: split === undefined ? what : `${what} of '${split}'` });
  const [size = 0, ...rest] = inputs.shape;
  if (rest.length === 0 || elementCount(inputs.shape) === 0)
    throw fileError('INVALID_DATA', where('inputs'), `expected examples along the first axis, each of some elements; got the shape (${inputs.shape.join(', ')}).`); // prettier-ignore
  const inputShape = options.inputShape ?? trimmed(rest);
  if (elementCount(inputShape) !== elementCount(rest))
    throw fileError('INVALID_DATA', where('inputs'), `examples of shape [${inputShape.join(', ')}] have ${elementCount(inputShape)} elements, but those of the file ${elementCount(rest)}: (${rest.join(', ')}).`); // prettier-ignore
  const own = inputsOf(inputs, where('inputs'), options);
  return inMemoryDataset({
    name: split === undefined ? file : `${file}/${split}`,
    inputShape,
    ...own,
    ...(segments && { segments: segmentsOf(segments, inputs, where('segments'), options) }),
    ...(labels && { labels: labelsOf(labels, size, where('labels')) }),
  });
}

/** Without axes of length 1 at its ends: [1, 28, 28] and [28, 28, 1] are images of 28 x 28. */
function trimmed(shape: readonly number[]): number[] {
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
  // Later they would be zeros, and nobody would know.
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw fileError('INVALID_DATA', where, `expected finite numbers; got ${values[bad]} at ${bad}.`);
  return { inputs: Uint8Array.from(values, (value) => Number(value * scale >= threshold)), scale: 1 };
}

function segmentsOf(
  segments: NamedTensor,
  inputs: NamedTensor,
  where: { file: string; place: string },
  { ignoreUpTo }: FileDataOptions,
): Uint8Array {
  const size = inputs.shape[0]!;
  const [elements, own] = [elementCount(inputs.shape), elementCount(segments.shape)];
  if (segments.shape[0] !== size || own % elements !== 0 || own === 0)
    throw fileError('INVALID_DATA', where, `expected a segment for each element of (${inputs.shape.join(', ')}), or masks (${size}, K, ...); got (${segments.shape.join(', ')}).`); // prettier-ignore
  const groups = own / elements;
  const masks = segments.shape.length === inputs.shape.length + 1 && segments.shape[1] === groups;
  if (groups > 1 && !masks)
    throw fileError('INVALID_DATA', where, `expected masks (${size}, K, ...) as the inputs (${inputs.shape.join(', ')}); got (${segments.shape.join(', ')}).`); // prettier-ignore
  if (!masks) return wholeBytes(segments, where);
  return segmentsOfMasks(toFloat32(segments), { size, groups, where, ...(ignoreUpTo !== undefined && { ignoreUpTo }) });
}

function labelsOf(labels: NamedTensor, size: number, where: { file: string; place: string }): Uint8Array {
  if (labels.shape[0] !== size || labels.shape.length > 2 || elementCount(labels.shape) === 0)
    throw fileError('INVALID_DATA', where, `expected (${size}) or (${size}, labels of each); got (${labels.shape.join(', ')}).`); // prettier-ignore
  return wholeBytes(labels, where);
}

/** Whole numbers of 0 to 255, in whatever type they are stored. */
function wholeBytes(tensor: NamedTensor, where: { file: string; place: string }): Uint8Array {
  if (tensor.dtype === 'U8') return tensor.data;
  const values = toFloat32(tensor);
  const bad = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value > 255);
  if (bad >= 0)
    throw fileError('INVALID_DATA', where, `expected whole numbers from 0 to 255; got ${values[bad]} at ${bad}.`);
  return Uint8Array.from(values);
}
