import type { NamedTensor } from '@taggerjs/weights';

import type { Split } from '../contract/split';
import { fileError, messageOf } from '../errors';
import { splitOf } from './array-names';
import { elementCount, channelsOf } from '../options';
import { trimmed } from './datasets-of-arrays';
import { MAX_BYTES } from './decode-options';
import type { ExampleArrays, FileArrays } from './file-arrays';
import type { OpenFile } from './file-source';
import { claim, forPieces, openArray, type OpenArray, type Range, type Reading } from './hdf5-arrays';
import { Hdf5MissingError, openHdf5, type Hdf5File } from './hdf5-worker';
import { readScenes, scenePaths, scenesIn, type SceneOptions } from './read-scenes';
import { segmentsOfMasks } from './segments-of-masks';

/** Names of the arrays in the original project's files, by role. */
const SOURCES = { inputs: 'features', segments: 'mask', labels: 'targets' } as const;

type Source = (typeof SOURCES)[keyof typeof SOURCES];

/**
 * Reads a file of scenes (see `readScenes`), or one in the layout of the original project: arrays `features`, `mask` (optional,
 * [size, K, ...]) and `targets` (optional), with Fuel's attribute `split` (optional). Splits other than train, valid (or
 * validation) and test are ignored.
 *
 * Reads arrays in pieces and converts masks to segments piece by piece. The npm package h5wasm reads each file in a new
 * thread.
 *
 * @throws DatasetError `UNSUPPORTED_FILE` without h5wasm, or for other layouts and types; `INVALID_FILE`; `INVALID_DATA`;
 * `TOO_LARGE`
 */
export async function readHdf5Arrays(
  { path, size }: OpenFile,
  {
    maxBytes = MAX_BYTES,
    ignoreUpTo,
    ...scene
  }: SceneOptions & { readonly maxBytes?: number; readonly ignoreUpTo?: number } = {},
): Promise<FileArrays> {
  let file: Hdf5File | undefined;
  try {
    file = openHdf5(path);
    const contents = await file.describe([...Object.values(SOURCES), ...scenePaths()], 'split');
    const reading = { path, size, file, contents, budget: { left: maxBytes, maxBytes }, ...(ignoreUpTo !== undefined && { ignoreUpTo }) }; // prettier-ignore
    const scenes = contents.names.includes(SOURCES.inputs) ? [] : scenesIn(reading);
    if (scenes.length > 0) return await readScenes(reading, scenes, scene);
    if (Object.keys(scene).length > 0)
      throw fileError('INVALID_OPTION', { file: path }, 'maxObjects, crop and resize need a file of scenes, with arrays `imgs` or `image`.'); // prettier-ignore
    return await readLayout(reading);
  } catch (cause) {
    if ((cause as Error | null)?.name === 'DatasetError') throw cause;
    if (cause instanceof Hdf5MissingError)
      throw fileError('UNSUPPORTED_FILE', { file: path }, 'HDF5 files require the package h5wasm. Install it with `npm install h5wasm`.', { cause }); // prettier-ignore
    throw fileError('INVALID_FILE', { file: path }, `the HDF5 file is invalid: ${reasonOf(cause)}.`, { cause });
  } finally {
    await file?.close();
  }
}

/** The innermost reason in HDF5's stack of errors: `#006: /src/H5Fsuper.c line 577 in H5F__super_read(): truncated file`. */
function reasonOf(error: unknown): string {
  const reasons = [...messageOf(error).matchAll(/^ *#\d+: .* line \d+ in (\w+)\(\): (.*)$/gm)];
  const [, operation, reason] = reasons.at(-1) ?? [];
  return reason === undefined ? messageOf(error).split('\n', 1)[0]! : `${reason} (${operation})`;
}

async function readLayout(reading: Reading): Promise<FileArrays> {
  const { path, contents } = reading;
  const names = new Set(contents.names);
  if (!names.has(SOURCES.inputs))
    throw fileError('UNSUPPORTED_FILE', { file: path }, `expected an array 'features' or 'image' at the root, or groups such as 'train' with 'imgs'; found ${[...names].slice(0, 20).join(', ') || 'none'}.`); // prettier-ignore
  const arrays = new Map<Source, OpenArray>();
  for (const source of Object.values(SOURCES)) if (names.has(source)) arrays.set(source, openArray(reading, source));
  const rows = arrays.get('features')!.shape[0]!;
  const ranges = rangesOf(reading, rows);
  const read: Partial<Record<Split | 'whole', ExampleArrays>> = {};
  for (const [split, sources] of ranges) {
    const range = sources.get('features');
    if (range === undefined)
      throw fileError('INVALID_DATA', { file: path, place: split }, "this split has no 'features'.");
    const take = (source: 'mask' | 'targets') => {
      const array = arrays.get(source);
      const own = sources.get(source);
      if (array === undefined || own === undefined) return undefined;
      if (own.from !== range.from || own.to !== range.to)
        throw fileError('INVALID_DATA', { file: path, place: split }, `'${source}' covers the examples ${own.from} to ${own.to}, but 'features' ${range.from} to ${range.to}.`); // prettier-ignore
      if (own.to > array.shape[0]!)
        throw fileError('INVALID_DATA', { file: path, place: source }, `it has ${array.shape[0]} rows, but 'features' has ${own.to}.`); // prettier-ignore
      return array;
    };
    const [mask, targets] = [take('mask'), take('targets')];
    read[split] = {
      inputs: await readRows(reading, arrays.get('features')!, range),
      ...(mask && { segments: await readMasks(reading, mask, arrays.get('features')!, range) }),
      ...(targets && { labels: await readRows(reading, targets, range) }),
    };
  }
  return read;
}

/** The examples of each split and array. */
function rangesOf({ path, contents }: Reading, rows: number): Map<Split | 'whole', Map<Source, Range>> {
  const { table } = contents;
  if (table === undefined) {
    const all = { from: 0, to: rows };
    return new Map([['whole', new Map(Object.values(SOURCES).map((source) => [source, all]))]]);
  }
  const where = { file: path, place: "attribute 'split'" };
  const column = (name: string) => table.columns.indexOf(name);
  if (['split', 'source', 'start', 'stop'].some((name) => column(name) < 0))
    throw fileError('UNSUPPORTED_FILE', where, `expected Fuel's table of split, source, start and stop; got ${table.columns.join(', ') || 'another type'}.`); // prettier-ignore
  if (table.rows === undefined)
    throw fileError('INVALID_FILE', where, `a table of ${table.rowCount} rows is too large.`);
  const ranges = new Map<Split | 'whole', Map<Source, Range>>();
  for (const row of table.rows) {
    const field = (name: string) => row[column(name)];
    const split = splitOf(String(field('split')));
    const source = String(field('source')) as Source;
    if (split === undefined || !Object.values(SOURCES).includes(source)) continue;
    if (column('available') >= 0 && Number(field('available')) === 0) continue;
    if (field('indices') === true)
      throw fileError('UNSUPPORTED_FILE', where, `'${source}' of '${split}' uses indices, which are not supported.`);
    const [from, to] = [Number(field('start')), Number(field('stop'))];
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || to <= from || to > rows)
      throw fileError(
        'INVALID_DATA',
        where,
        `'${source}' of '${split}' covers the examples ${from} to ${to}, but there are ${rows}.`,
      );
    const sources = ranges.get(split) ?? new Map<Source, Range>();
    ranges.set(split, sources.set(source, { from, to }));
  }
  if (!ranges.has('train')) throw fileError('INVALID_DATA', where, "it has no split 'train'.");
  return ranges;
}

const ARRAYS = {
  U8: Uint8Array, I8: Int8Array, U16: Uint16Array, I16: Int16Array, U32: Uint32Array, I32: Int32Array,
  U64: BigUint64Array, I64: BigInt64Array, F32: Float32Array, F64: Float64Array,
} as const; // prettier-ignore

async function readRows(reading: Reading, array: OpenArray, range: Range): Promise<NamedTensor> {
  const shape = [range.to - range.from, ...array.shape.slice(1)];
  const elements = shape.reduce((product, length) => product * length, 1);
  claim(reading, array.source, elements * array.elementBytes);
  const data = new ARRAYS[array.dtype](elements);
  const rowElements = elements / shape[0]!;
  await forPieces(reading, array, range, (piece, row) => data.set(piece as never, row * rowElements));
  return { dtype: array.dtype, shape, data } as NamedTensor;
}

/** Converts masks [size, K, ...] to segments [size, ...], one per pixel; returns segments as they are. */
async function readMasks(reading: Reading, mask: OpenArray, features: OpenArray, range: Range): Promise<NamedTensor> {
  const channels = channelsOf(trimmed(features.shape.slice(1)));
  const N = elementCount(features.shape.slice(1)) / channels;
  const own = mask.shape.slice(1).reduce((product, length) => product * length, 1);
  const groups = own / N;
  if (own === N && mask.shape[1] !== 1) return readRows(reading, mask, range);
  if (!Number.isInteger(groups) || mask.shape[1] !== groups)
    throw fileError('INVALID_DATA', { file: reading.path, place: mask.source }, `expected masks (size, K, ...) for 'features' (${features.shape.join(', ')}); got (${mask.shape.join(', ')}).`); // prettier-ignore
  const shape = [range.to - range.from, ...features.shape.slice(1, channels > 1 ? -1 : undefined)];
  const { ignoreUpTo } = reading;
  claim(reading, mask.source, shape[0]! * N);
  const data = new Uint8Array(shape[0]! * N);
  await forPieces(reading, mask, range, (piece, row, rows) => {
    const masks = Float32Array.from(piece as ArrayLike<number | bigint>, Number);
    const where = { file: reading.path, place: mask.source };
    const first = (range.from + row) * own;
    const how = { size: rows, groups, where, first, ...(ignoreUpTo !== undefined && { ignoreUpTo }) };
    data.set(segmentsOfMasks(masks, how), row * N);
  });
  return { dtype: 'U8', shape, data };
}
