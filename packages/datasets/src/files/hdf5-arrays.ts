import type { NamedTensor } from '@taggerjs/weights';

import { fileError } from '../errors';
import { MAX_DEFLATE_RATIO } from './gzip';
import type { Hdf5Array, Hdf5Contents, Hdf5File } from './hdf5-worker';

/** Bytes of an array to read at a time. */
const CHUNK = 2 ** 24;
/** HDF5's numbers for classes of types. */
const [INTEGER, FLOAT, ENUM] = [0, 1, 8];

/** An open file, and the memory that its arrays may still take. */
export interface Reading {
  readonly path: string;
  readonly size: number;
  readonly file: Hdf5File;
  readonly contents: Hdf5Contents;
  readonly budget: { left: number; readonly maxBytes: number };
  readonly ignoreUpTo?: number;
}

/** Consecutive examples. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** An array of numbers in a file, before it is read. */
export interface OpenArray {
  /** Its path in the file. */
  readonly source: string;
  readonly shape: readonly number[];
  readonly dtype: 'U8' | 'I8' | 'U16' | 'I16' | 'U32' | 'I32' | 'U64' | 'I64' | 'F32' | 'F64';
  readonly elementBytes: number;
}

/**
 * Checks an array that the file must have.
 *
 * @throws DatasetError `UNSUPPORTED_FILE` if it has no numbers; `INVALID_DATA` if it is empty; `INVALID_FILE` if it cannot fit into
 * the file
 */
export function openArray({ path, size, contents }: Reading, source: string): OpenArray {
  const where = { file: path, place: source };
  const array = contents.arrays[source];
  if (array === null || array === undefined) throw fileError('UNSUPPORTED_FILE', where, 'expected an array.');
  const { shape } = array;
  if (shape.length === 0 || shape.some((length) => !Number.isSafeInteger(length) || length < 1))
    throw fileError(
      'INVALID_DATA',
      where,
      `expected examples along the first axis; got the shape (${shape.join(', ')}).`,
    );
  const dtype = dtypeOf(array);
  if (dtype === undefined) throw fileError('UNSUPPORTED_FILE', where, 'expected numbers of 8 to 64 bits, or booleans.');
  const bytes = shape.reduce((product, length) => product * length, array.size);
  // Data is plain or compressed with deflate, so it cannot be larger.
  if (!(bytes <= size * MAX_DEFLATE_RATIO))
    throw fileError(
      'INVALID_FILE',
      where,
      `an array of shape (${shape.join(', ')}) does not fit into a file of ${size} bytes.`,
    );
  return { source, shape, dtype, elementBytes: array.size };
}

function dtypeOf({ typeClass: type, size, signed, variableLength }: Hdf5Array): OpenArray['dtype'] | undefined {
  if (variableLength) return undefined;
  if (type === FLOAT) return size === 4 ? 'F32' : size === 8 ? 'F64' : undefined;
  // The type that h5py uses for booleans.
  if (type === ENUM) return size === 1 ? 'U8' : undefined;
  if (type !== INTEGER || ![1, 2, 4, 8].includes(size)) return undefined;
  return `${signed ? 'I' : 'U'}${size * 8}` as OpenArray['dtype'];
}

/** Calls `use` with the rows of an array, piece by piece. */
export async function forPieces(
  { path, file }: Reading,
  { source, shape, elementBytes }: OpenArray,
  { from, to }: Range,
  use: (piece: NamedTensor['data'], row: number, rows: number) => void,
): Promise<void> {
  const rowElements = shape.slice(1).reduce((product, length) => product * length, 1);
  const step = Math.max(1, Math.floor(CHUNK / (rowElements * elementBytes)));
  for (let at = from; at < to; at += step) {
    const end = Math.min(at + step, to);
    const piece = (await file.rows(source, at, end)) as NamedTensor['data'];
    if (piece?.length !== (end - at) * rowElements)
      throw fileError('INVALID_FILE', { file: path, place: source }, `cannot read the rows ${at} to ${end}.`);
    use(piece, at - from, end - at);
  }
}

/** Claims memory. @throws DatasetError `TOO_LARGE` */
export function claim({ path, budget }: Reading, place: string, bytes: number): void {
  if (bytes > budget.left)
    throw fileError('TOO_LARGE', { file: path, place }, `with ${bytes} bytes, the arrays together exceed maxBytes, ${budget.maxBytes}.`); // prettier-ignore
  budget.left -= bytes;
}
