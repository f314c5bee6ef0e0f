import { isLittleEndian, reverseBytes } from './byte-order';
import { ARRAY_OF } from './dtype';
import { WeightsError } from './errors';
import { elementsOf, type NamedTensor } from './named-tensor';
import { quote } from './quote';
import { LONGEST_HEADER, METADATA, PREFIX } from './safetensors-header';

/** Options of {@link encodeSafetensors}. */
export interface EncodeSafetensorsOptions {
  /**
   * Strings about the file, such as a configuration as JSON.
   *
   * @default none
   */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Encodes a safetensors file. The same tensors give the same bytes in any order: the data is sorted by
 * dtype, wide ones first, then by name, as in the reference implementation, and the header is padded to a multiple of 8
 * bytes, so that every tensor is aligned; metadata is sorted by name.
 *
 * @param tensors by name; any name but `__metadata__`
 * @returns the file
 * @throws WeightsError `INVALID_TENSOR` for data that does not match the shape and dtype, `UNSUPPORTED_DTYPE`,
 *   `INVALID_OPTION` for a name or metadata that cannot be written
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, NamedTensor>>,
  { metadata }: EncodeSafetensorsOptions = {},
): Uint8Array {
  const order = [...ARRAY_OF.keys()];
  const entries = Object.entries(tensors)
    .map(([name, tensor]) => ({ name, tensor, rank: order.indexOf(tensor?.dtype) }))
    .sort((a, b) => a.rank - b.rank || compareCodePoints(a.name, b.name));

  const members: string[] = [];
  if (metadata !== undefined && Object.keys(metadata).length > 0) {
    members.push(`${JSON.stringify(METADATA)}:${metadataText(metadata)}`);
  }
  let end = 0;
  for (const { name, tensor } of entries) {
    checkTensor(name, tensor);
    const begin = end;
    end += tensor.data.byteLength;
    members.push(
      `${JSON.stringify(name)}:{"dtype":"${tensor.dtype}","shape":[${tensor.shape.join(',')}],"data_offsets":[${begin},${end}]}`,
    );
  }

  const header = new TextEncoder().encode(`{${members.join(',')}}`);
  const length = Math.ceil(header.length / 8) * 8;
  if (length > LONGEST_HEADER) {
    throw new WeightsError(
      'INVALID_OPTION',
      `encodeSafetensors: the names and metadata need a header of ${length} bytes; the format allows ${LONGEST_HEADER}.`,
    );
  }
  const bytes = new Uint8Array(PREFIX + length + end);
  new DataView(bytes.buffer).setUint32(0, length, true); // below 2^32, the upper half stays 0
  bytes.set(header, PREFIX);
  bytes.fill(0x20, PREFIX + header.length, PREFIX + length);
  let position = PREFIX + length;
  for (const { tensor } of entries) {
    const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = tensor.data;
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), position);
    if (!isLittleEndian()) reverseBytes(bytes.subarray(position, position + byteLength), BYTES_PER_ELEMENT);
    position += byteLength;
  }
  return bytes;
}

function checkTensor(name: string, tensor: NamedTensor): void {
  if (name === METADATA) {
    throw new WeightsError(
      'INVALID_OPTION',
      `encodeSafetensors: no tensor can be named ${METADATA}; use the option metadata.`,
    );
  }
  checkText(name, `the name ${quote(name)}`);
  const array = ARRAY_OF.get(tensor?.dtype);
  if (array === undefined) {
    throw new WeightsError(
      'UNSUPPORTED_DTYPE',
      `encodeSafetensors: tensor ${quote(name)} has the dtype ${quote(tensor?.dtype)}; supported are ` +
        `${[...ARRAY_OF.keys()].join(', ')}.`,
    );
  }
  // By tag, because instanceof fails for arrays of another realm.
  const tag = Object.prototype.toString.call(tensor.data).slice('[object '.length, -1);
  if (tag !== array.name) {
    throw new WeightsError(
      'INVALID_TENSOR',
      `encodeSafetensors: expected the data of tensor ${quote(name)}, of dtype ${tensor.dtype}, to be a ${array.name}, got ${tag}.`,
    );
  }
  const elements = Array.isArray(tensor.shape) ? elementsOf(tensor.shape) : undefined;
  if (elements !== tensor.data.length) {
    throw new WeightsError(
      'INVALID_TENSOR',
      `encodeSafetensors: tensor ${quote(name)} of shape ${quote(`[${String(tensor.shape)}]`)} cannot have ` +
        `${tensor.data.length} elements.`,
    );
  }
  if (tensor.dtype === 'BOOL' && tensor.data.some((value) => value > 1)) {
    throw new WeightsError(
      'INVALID_TENSOR',
      `encodeSafetensors: tensor ${quote(name)} has dtype BOOL, but contains other values than 0 and 1.`,
    );
  }
}

function metadataText(metadata: Readonly<Record<string, string>>): string {
  const members = Object.entries(metadata)
    .sort(([a], [b]) => compareCodePoints(a, b))
    .map(([key, value]) => {
      if (typeof value !== 'string') {
        throw new WeightsError(
          'INVALID_OPTION',
          `encodeSafetensors: expected metadata ${quote(key)} to be a string, got ${typeof value}; use JSON.stringify.`,
        );
      }
      checkText(key, `the metadata name ${quote(key)}`);
      checkText(value, `the metadata ${quote(key)}`);
      return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
    });
  return `{${members.join(',')}}`;
}

function checkText(text: string, what: string): void {
  if (/\p{Surrogate}/u.test(text)) {
    throw new WeightsError(
      'INVALID_OPTION',
      `encodeSafetensors: ${what} contains an unpaired surrogate, which UTF-8 cannot encode.`,
    );
  }
}

/** Compares by code points, like UTF-8 bytes; JavaScript compares UTF-16 code units. */
function compareCodePoints(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length;) {
    const [x, y] = [a.codePointAt(i) as number, b.codePointAt(i) as number];
    if (x !== y) return x - y;
    i += x > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
