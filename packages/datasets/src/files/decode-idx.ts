import type { Dtype, NamedTensor } from '@taggerjs/weights';

import { fileError } from '../errors';
import { MAX_BYTES, type DecodeFileOptions } from './decode-options';
import { gunzip, isGzip, MAX_DEFLATE_RATIO } from './gzip';

/** Element types by the third byte of an IDX file. */
const TYPES: ReadonlyMap<number, { readonly dtype: Dtype; readonly bytes: 1 | 2 | 4 | 8 }> = /* @__PURE__ */ new Map([
  [0x08, { dtype: 'U8', bytes: 1 }],
  [0x09, { dtype: 'I8', bytes: 1 }],
  [0x0b, { dtype: 'I16', bytes: 2 }],
  [0x0c, { dtype: 'I32', bytes: 4 }],
  [0x0d, { dtype: 'F32', bytes: 4 }],
  [0x0e, { dtype: 'F64', bytes: 8 }],
] as const);

/** Whether bytes start like an IDX file. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && TYPES.has(bytes[2] ?? 0);
}

/**
 * Decodes an IDX file, the format of MNIST, plain or compressed with gzip. The file need not be trusted: the shape is checked
 * against the file's length before memory is allocated, and the checksum of gzip is verified.
 *
 * The format: two zeros, a byte for the type, a byte for the number of axes, the shape, and then the elements, big-endian.
 *
 * @param bytes the file
 * @returns the array, which does not share memory with `bytes`
 * @throws DatasetError `TRUNCATED_FILE`, `INVALID_FILE`; `TOO_LARGE` for more than `maxBytes`; `INVALID_OPTION` if `bytes`
 * is not a `Uint8Array`
 */
export async function decodeIdx(bytes: Uint8Array, options: DecodeFileOptions = {}): Promise<NamedTensor> {
  const { name = 'the file', maxBytes = MAX_BYTES } = options;
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]')
    throw fileError('INVALID_OPTION', { file: 'decodeIdx' }, 'expected the bytes of the file as a Uint8Array.');
  return readIdxChunks(toChunks(bytes), { name, maxBytes, fileBytes: bytes.length });
}

async function* toChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Decodes an IDX file, plain or gzip, from chunks with `fileBytes` bytes in total. */
export async function readIdxChunks(
  chunks: AsyncIterable<Uint8Array>,
  how: { readonly name: string; readonly maxBytes: number; readonly fileBytes: number },
): Promise<NamedTensor> {
  const { name: file } = how;
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    const first = await takeAtLeast(iterator, 2);
    const packed = isGzip(first);
    const sink = createIdxSink({ ...how, packed });
    const whole = resumed(first, iterator);
    if (!packed) for await (const chunk of whole) sink.push(chunk);
    else await gunzip(file, whole, sink.push);
    return sink.end();
  } finally {
    await iterator.return?.();
  }
}

/** Reads chunks until there are at least `count` bytes, or no more chunks. */
async function takeAtLeast(iterator: AsyncIterator<Uint8Array>, count: number): Promise<Uint8Array> {
  let taken = new Uint8Array(0);
  while (taken.length < count) {
    const next = await iterator.next();
    if (next.done) break;
    const joined = new Uint8Array(taken.length + next.value.length);
    joined.set(taken);
    joined.set(next.value, taken.length);
    taken = joined;
  }
  return taken;
}

async function* resumed(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
}

/** The header of an IDX file. */
export interface IdxHeader {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Bytes per element. */
  readonly elementBytes: number;
  /** Bytes of all elements. */
  readonly dataBytes: number;
  /** Offset of the elements. */
  readonly end: number;
}

/**
 * Parses the header of an IDX file. Returns `undefined` if `bytes` end before it does.
 *
 * @throws DatasetError `INVALID_FILE`
 */
export function parseIdxHeader(file: string, bytes: Uint8Array): IdxHeader | undefined {
  const invalid = (place: string, reason: string) => fileError('INVALID_FILE', { file, place }, reason);
  if (bytes.length < 4) return undefined;
  if (bytes[0] !== 0 || bytes[1] !== 0) throw invalid('byte 0', 'not an IDX file (it does not start with two zeros).');
  const type = TYPES.get(bytes[2]!);
  if (type === undefined) throw invalid('byte 2', `unknown IDX type 0x${bytes[2]!.toString(16).padStart(2, '0')}.`);
  const axes = bytes[3]!;
  if (axes === 0) throw invalid('byte 3', 'expected at least one axis; got none.');
  const end = 4 + 4 * axes;
  if (bytes.length < end) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const dataBytes = shape.reduce((product, size) => product * size, type.bytes);
  if (!Number.isSafeInteger(dataBytes)) throw invalid('byte 4', `the shape (${shape.join(', ')}) is too large.`);
  return { dtype: type.dtype, shape, elementBytes: type.bytes, dataBytes, end };
}

/** Collects the chunks of an IDX file. */
function createIdxSink(how: {
  readonly name: string;
  readonly maxBytes: number;
  readonly fileBytes: number;
  readonly packed: boolean;
}) {
  const { name: file, maxBytes, fileBytes, packed } = how;
  let head = new Uint8Array(0);
  let header: IdxHeader | undefined;
  let data = new Uint8Array(0);
  let filled = 0;

  /** Checks the shape against the limits and allocates memory. */
  const begin = ({ dataBytes, shape, end }: IdxHeader) => {
    const what = `an array of shape (${shape.join(', ')})`;
    if (dataBytes > maxBytes)
      throw fileError('TOO_LARGE', { file }, `${what} takes ${dataBytes} bytes, but maxBytes is ${maxBytes}.`);
    if (packed) {
      if (dataBytes > fileBytes * MAX_DEFLATE_RATIO)
        throw fileError('INVALID_FILE', { file }, `${what} cannot be compressed to ${fileBytes} bytes.`);
    } else requireLength(fileBytes - end);
    data = new Uint8Array(dataBytes);
  };
  const requireLength = (got: number) => {
    const { dataBytes, shape, end } = header!;
    if (got === dataBytes) return;
    throw fileError(
      got < dataBytes ? 'TRUNCATED_FILE' : 'INVALID_FILE',
      { file, place: `byte ${end}` },
      `expected ${dataBytes} bytes for the shape (${shape.join(', ')}); got ${got}.` +
        (got < dataBytes ? ' The download or copy may be incomplete.' : ''),
    );
  };

  const push = (chunk: Uint8Array): void => {
    let rest = chunk;
    if (header === undefined) {
      const joined = new Uint8Array(head.length + chunk.length);
      joined.set(head);
      joined.set(chunk, head.length);
      head = joined;
      header = parseIdxHeader(file, head);
      if (header === undefined) return;
      begin(header);
      rest = head.subarray(header.end);
    }
    if (filled + rest.length > data.length) requireLength(filled + rest.length);
    data.set(rest, filled);
    filled += rest.length;
  };
  const end = (): NamedTensor => {
    if (header === undefined)
      throw fileError('TRUNCATED_FILE', { file }, `it ends after ${head.length} bytes, within the header.`);
    requireLength(filled);
    return tensorOf(header, data);
  };
  return { push, end };
}

/** Converts big-endian bytes to an array, in place. */
export function tensorOf({ dtype, shape, elementBytes }: IdxHeader, bytes: Uint8Array): NamedTensor {
  if (elementBytes > 1 && isLittleEndian())
    for (let at = 0; at < bytes.length; at += elementBytes) bytes.subarray(at, at + elementBytes).reverse();
  const [buffer, offset, length] = [bytes.buffer, bytes.byteOffset, bytes.length / elementBytes];
  switch (dtype) {
    case 'I8':
      return { dtype, shape, data: new Int8Array(buffer, offset, length) };
    case 'I16':
      return { dtype, shape, data: new Int16Array(buffer, offset, length) };
    case 'I32':
      return { dtype, shape, data: new Int32Array(buffer, offset, length) };
    case 'F32':
      return { dtype, shape, data: new Float32Array(buffer, offset, length) };
    case 'F64':
      return { dtype, shape, data: new Float64Array(buffer, offset, length) };
    default:
      return { dtype: 'U8', shape, data: bytes };
  }
}

function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
