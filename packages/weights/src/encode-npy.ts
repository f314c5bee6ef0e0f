import { isLittleEndian, reverseBytes } from './byte-order';
import { NPY_DTYPES, NPY_MAGIC } from './decode-npy';
import { ARRAY_OF } from './dtype';
import { WeightsError } from './errors';
import { elementsOf, type NamedTensor } from './named-tensor';
import { quote } from './quote';

/** Alignment of the data, so that it can be mapped into memory. */
const ALIGNMENT = 64;

/**
 * Encodes one array as an .npy file of NumPy, format version 1.0: row-major, little-endian, byte for byte what `numpy.save`
 * writes.
 *
 * @throws WeightsError `INVALID_TENSOR` if dtype, shape and data do not match; `UNSUPPORTED_DTYPE` for BF16,
 *   which NumPy does not have
 */
export function encodeNpy({ dtype, shape, data }: NamedTensor): Uint8Array {
  const array = ARRAY_OF.get(dtype);
  const name = [...NPY_DTYPES].find(([, known]) => known === dtype)?.[0];
  if (array === undefined || name === undefined) {
    throw new WeightsError(
      'UNSUPPORTED_DTYPE',
      `encodeNpy: NumPy has no dtype ${quote(dtype)}; supported are ${[...NPY_DTYPES.values()].join(', ')}.`,
    );
  }
  // By tag, because instanceof fails for arrays of another realm.
  const tag = Object.prototype.toString.call(data).slice(8, -1);
  if (elementsOf(shape) !== data.length || tag !== array.name) {
    throw new WeightsError(
      'INVALID_TENSOR',
      `encodeNpy: the shape (${shape.join(', ')}) of dtype ${dtype} does not fit a ${tag} of ${data.length} elements.`,
    );
  }
  const size = array.BYTES_PER_ELEMENT;
  const sizes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const order = size === 1 ? '|' : '<';
  const dict = `{'descr': '${order}${name}', 'fortran_order': False, 'shape': ${sizes}, }`;
  const start = NPY_MAGIC.length + 4;
  const end = Math.ceil((start + dict.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(end + data.byteLength);
  bytes.set(NPY_MAGIC);
  bytes.set([1, 0], NPY_MAGIC.length);
  new DataView(bytes.buffer).setUint16(NPY_MAGIC.length + 2, end - start, true);
  const header = `${dict.padEnd(end - start - 1)}\n`;
  for (let i = 0; i < header.length; i++) bytes[start + i] = header.charCodeAt(i);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), end);
  if (!isLittleEndian()) reverseBytes(bytes.subarray(end), size);
  return bytes;
}
