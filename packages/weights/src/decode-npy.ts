import { isLittleEndian, reverseBytes } from './byte-order';
import { ARRAY_OF, type DataOf, type Dtype } from './dtype';
import { WeightsError } from './errors';
import { elementsOf, type NamedTensor } from './named-tensor';
import { parseNpyHeader } from './npy-header';
import { quote } from './quote';

/** The element types of NumPy that this package knows, without their byte order. */
export const NPY_DTYPES: ReadonlyMap<string, Dtype> = /* @__PURE__ */ new Map<string, Dtype>([
  ['f8', 'F64'],
  ['f4', 'F32'],
  ['f2', 'F16'],
  ['i8', 'I64'],
  ['i4', 'I32'],
  ['i2', 'I16'],
  ['i1', 'I8'],
  ['u8', 'U64'],
  ['u4', 'U32'],
  ['u2', 'U16'],
  ['u1', 'U8'],
  ['b1', 'BOOL'],
]);

/** What every .npy file begins with. */
export const NPY_MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

// NumPy's own limit of what it parses of a file that it does not trust.
const LONGEST_HEADER = 10_000;

/**
 * Reads one array of NumPy's, an .npy file (format versions 1.0, 2.0 and 3.0). Nothing of it is trusted: the header is
 * parsed strictly, nothing in it is evaluated, and its sizes are checked against the length of the file before memory is allocated.
 * Byte orders are converted; arrays in Fortran order are converted to row-major order. Objects and records are refused.
 *
 * @param bytes the file
 * @returns the array, which does not share memory with `bytes`
 * @throws WeightsError `TRUNCATED`, `INVALID_HEADER`, `INVALID_TENSOR`, `INVALID_LAYOUT` (more data than the shape says),
 *   `UNSUPPORTED_DTYPE` for an invalid file; `INVALID_OPTION` if `bytes` is not a `Uint8Array`
 */
export function decodeNpy(bytes: Uint8Array): NamedTensor {
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]') {
    throw new WeightsError('INVALID_OPTION', 'decodeNpy: expected the bytes of the file as a Uint8Array.');
  }
  const { text, end } = headerOf(bytes);
  const { descr, fortranOrder, shape } = parseNpyHeader(text);
  const [order, dtype] = dtypeOf(descr);
  const array = ARRAY_OF.get(dtype) as NonNullable<ReturnType<typeof ARRAY_OF.get>>;
  const elements = elementsOf(shape);
  if (elements === undefined || !Number.isSafeInteger(elements * array.BYTES_PER_ELEMENT)) {
    throw new WeightsError('INVALID_TENSOR', `decodeNpy: invalid shape ${quote(`(${shape.join(', ')})`)}.`);
  }
  const available = bytes.length - end;
  const size = elements * array.BYTES_PER_ELEMENT;
  if (size > available) {
    throw new WeightsError(
      'TRUNCATED',
      `decodeNpy: an array of ${elements} elements of type ${quote(descr)} needs ${size} bytes, but only ${available} ` +
        'follow the header; the file may be truncated. Copy or download it again.',
    );
  }
  if (size < available) {
    throw new WeightsError(
      'INVALID_LAYOUT',
      `decodeNpy: an array of ${elements} elements of type ${quote(descr)} needs ${size} bytes, but ${available} follow ` +
        'the header. Save one array per file.',
    );
  }
  let data: DataOf[Dtype] = new array(elements);
  const copy = new Uint8Array(data.buffer);
  copy.set(bytes.subarray(end));
  if ((order === '<') !== isLittleEndian() && order !== '|') reverseBytes(copy, array.BYTES_PER_ELEMENT);
  if (dtype === 'BOOL' && copy.some((value) => value > 1)) {
    throw new WeightsError('INVALID_TENSOR', 'decodeNpy: a boolean array may contain only 0 and 1.');
  }
  if (fortranOrder && shape.length > 1) data = toRowMajor(data, shape, new array(elements));
  return { dtype, shape, data } as NamedTensor;
}

function headerOf(bytes: Uint8Array): { text: string; end: number } {
  const shortest = NPY_MAGIC.length + 4;
  if (NPY_MAGIC.some((byte, i) => i < bytes.length && bytes[i] !== byte)) {
    throw new WeightsError('INVALID_HEADER', 'decodeNpy: not an .npy file (bad signature).');
  }
  if (bytes.length < shortest) throw tooShort(bytes.length, shortest);
  const [major, minor] = [bytes[6] as number, bytes[7] as number];
  if (major < 1 || major > 3 || minor !== 0) {
    throw new WeightsError(
      'INVALID_HEADER',
      `decodeNpy: expected format version 1.0, 2.0 or 3.0, got ${major}.${minor}.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw tooShort(bytes.length, start);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST_HEADER) {
    throw new WeightsError(
      'INVALID_HEADER',
      `decodeNpy: expected a header of at most ${LONGEST_HEADER} bytes, got ${length}.`,
    );
  }
  if (start + length > bytes.length) throw tooShort(bytes.length, start + length);
  let text = '';
  for (const byte of bytes.subarray(start, start + length)) text += String.fromCharCode(byte);
  return { text, end: start + length };
}

function tooShort(got: number, expected: number): WeightsError {
  return new WeightsError(
    'TRUNCATED',
    `decodeNpy: expected at least ${expected} bytes, got ${got}; the file may be truncated. Copy or download it again.`,
  );
}

function dtypeOf(descr: string): [order: '<' | '>' | '|', dtype: Dtype] {
  const [order = '', name = ''] = [descr.slice(0, 1), descr.slice(1)];
  const dtype = NPY_DTYPES.get(name);
  const oneByte = name.endsWith('1');
  if (dtype !== undefined && (order === '|' ? oneByte : order === '<' || order === '>')) {
    return [order as '<' | '>' | '|', dtype];
  }
  throw new WeightsError(
    'UNSUPPORTED_DTYPE',
    `decodeNpy: the array is of type ${quote(descr)}; supported are numbers: ${[...NPY_DTYPES.keys()].join(', ')} in ` +
      'either byte order. Convert it with astype before saving.',
  );
}

/** Fortran order, the first axis fastest, to row-major order, the last axis fastest. */
function toRowMajor(data: DataOf[Dtype], shape: readonly number[], into: DataOf[Dtype]): DataOf[Dtype] {
  const [from, to] = [data as unknown as number[], into as unknown as number[]];
  const index = shape.map(() => 0);
  const strides: number[] = [];
  let stride = 1;
  for (const size of shape) {
    strides.push(stride);
    stride *= size;
  }
  let source = 0;
  for (let target = 0; target < to.length; target++) {
    to[target] = from[source] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if (index[axis] !== shape[axis]) break;
      source -= (strides[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return into;
}
