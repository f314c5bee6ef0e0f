import { isLittleEndian, reverseBytes } from './byte-order';
import { ARRAY_OF, type DataOf, type Dtype } from './dtype';
import { WeightsError } from './errors';
import { elementsOf, type NamedTensor } from './named-tensor';
import { quote } from './quote';
import { LONGEST_HEADER, parseHeader, PREFIX, type TensorInfo } from './safetensors-header';

/** The contents of a safetensors file, in records without prototypes, so that `__proto__` is a normal name. */
export interface DecodedSafetensors {
  /** The tensors by name, in the order of their data. */
  readonly tensors: Record<string, NamedTensor>;
  /** The strings about the file; empty if it has none. */
  readonly metadata: Record<string, string>;
}

/**
 * Decodes a safetensors file. The file need not be trusted: the header's length is checked before memory is allocated, the
 * header is parsed strictly, and the tensors must fill the data exactly, one after the other, each with as many bytes as its
 * shape and dtype require. Memory use is at most a small multiple of the file size.
 *
 * A tensor's `data` is a view of `bytes` if its address is a multiple of the element size, as in files written by
 * {@link encodeSafetensors} and read into a new buffer. Otherwise, and on big-endian machines, it is a copy. Do not modify
 * `bytes` while the tensors are in use.
 *
 * @param bytes the file
 * @throws WeightsError `TRUNCATED`, `INVALID_HEADER`, `INVALID_TENSOR`, `INVALID_LAYOUT`, `UNSUPPORTED_DTYPE` for an
 *   invalid file; `INVALID_OPTION` if `bytes` is not a `Uint8Array`
 */
export function decodeSafetensors(bytes: Uint8Array): DecodedSafetensors {
  // By tag, because instanceof fails for arrays of another realm.
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]') {
    throw new WeightsError('INVALID_OPTION', 'decodeSafetensors: expected the bytes of the file as a Uint8Array.');
  }
  const length = headerLength(bytes);
  const { tensors, metadata } = parseHeader(headerText(bytes, length));
  const start = PREFIX + length;
  const available = bytes.length - start;

  const sorted = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  const result: DecodedSafetensors = { tensors: Object.create(null), metadata: Object.create(null) };
  for (const info of sorted) {
    checkTensor(info);
    if (info.begin !== position) {
      throw new WeightsError(
        'INVALID_LAYOUT',
        `decodeSafetensors: expected tensor ${quote(info.name)} to begin at byte ${position} of the data, where the one ` +
          `before it ends, got ${info.begin}.`,
      );
    }
    if (info.end > available) {
      throw new WeightsError(
        'TRUNCATED',
        `decodeSafetensors: tensor ${quote(info.name)} ends at byte ${info.end} of the data, but the file has only ` +
          `${available}; it may be truncated. Copy or download it again.`,
      );
    }
    position = info.end;
    result.tensors[info.name] = {
      dtype: info.dtype,
      shape: info.shape,
      data: readData(bytes, start + info.begin, info),
    } as NamedTensor;
  }
  if (position !== available) {
    throw new WeightsError(
      'INVALID_LAYOUT',
      `decodeSafetensors: expected the tensors to fill the ${available} bytes of data, but they end at ${position}.`,
    );
  }
  for (const [key, value] of metadata) result.metadata[key] = value;
  return result;
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < PREFIX) {
    throw new WeightsError(
      'TRUNCATED',
      `decodeSafetensors: expected at least ${PREFIX} bytes, the length of the header, got ${bytes.length}.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, PREFIX);
  // Rounded beyond 2^53, but never to a number that passes.
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  if (length > LONGEST_HEADER) {
    throw new WeightsError(
      'INVALID_HEADER',
      `decodeSafetensors: expected a header of at most ${LONGEST_HEADER} bytes, got ${length}; is this a safetensors file?`,
    );
  }
  if (length > bytes.length - PREFIX) {
    throw new WeightsError(
      'TRUNCATED',
      `decodeSafetensors: the header should have ${length} bytes, but only ${bytes.length - PREFIX} follow; the file may ` +
        'be truncated. Copy or download it again.',
    );
  }
  return length;
}

function headerText(bytes: Uint8Array, length: number): string {
  if (length === 0 || bytes[PREFIX] !== 0x7b) {
    throw new WeightsError(
      'INVALID_HEADER',
      "decodeSafetensors: expected the header to start with '{'; is this a safetensors file?",
    );
  }
  // A copy, for a browser's TextDecoder refuses shared memory; not by bytes.slice, which in a Node Buffer is none.
  const header = new Uint8Array(length);
  header.set(bytes.subarray(PREFIX, PREFIX + length));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch (cause) {
    throw new WeightsError('INVALID_HEADER', 'decodeSafetensors: the header is not valid UTF-8.', { cause });
  }
}

function checkTensor({ name, dtype, shape, begin, end }: TensorInfo): void {
  const array = ARRAY_OF.get(dtype);
  if (array === undefined) {
    throw new WeightsError(
      'UNSUPPORTED_DTYPE',
      `decodeSafetensors: tensor ${quote(name)} is of dtype ${quote(dtype)}; supported are ${[...ARRAY_OF.keys()].join(', ')}.`,
    );
  }
  const elements = elementsOf(shape);
  if (elements === undefined || elements * array.BYTES_PER_ELEMENT !== end - begin) {
    throw new WeightsError(
      'INVALID_TENSOR',
      `decodeSafetensors: tensor ${quote(name)} of dtype ${dtype} and shape ${quote(`[${shape.slice(0, 10).join(', ')}]`)} ` +
        `cannot have the data_offsets ${begin} and ${end}.`,
    );
  }
}

function readData(bytes: Uint8Array, start: number, { name, dtype, begin, end }: TensorInfo): DataOf[Dtype] {
  const array = ARRAY_OF.get(dtype) as NonNullable<ReturnType<typeof ARRAY_OF.get>>;
  const size = array.BYTES_PER_ELEMENT;
  const elements = (end - begin) / size;
  const littleEndian = isLittleEndian();
  let data: DataOf[Dtype];
  if ((bytes.byteOffset + start) % size === 0 && (littleEndian || size === 1)) {
    data = new array(bytes.buffer, bytes.byteOffset + start, elements);
  } else {
    data = new array(elements);
    const copy = new Uint8Array(data.buffer);
    copy.set(bytes.subarray(start, start + end - begin));
    if (!littleEndian) reverseBytes(copy, size);
  }
  if (dtype === 'BOOL' && (data as Uint8Array).some((value) => value > 1)) {
    throw new WeightsError(
      'INVALID_TENSOR',
      `decodeSafetensors: tensor ${quote(name)} has dtype BOOL, but contains other values than 0 and 1.`,
    );
  }
  return data;
}
