import { inflateSync } from 'fflate';

import { crc32 } from './crc32';
import { decodeNpy } from './decode-npy';
import { WeightsError } from './errors';
import type { NamedTensor } from './named-tensor';
import { quote } from './quote';

/** Options of {@link decodeNpz}. */
export interface DecodeNpzOptions {
  /** Limit of the decompressed size of all arrays together, in bytes. @default 2 ** 31 */
  readonly maxBytes?: number;
}

const MOST_BYTES = 2 ** 31;
const END_RECORD = 0x06054b50;
const CENTRAL_RECORD = 0x02014b50;
const LOCAL_RECORD = 0x04034b50;
const END_SIZE = 22;
const CENTRAL_SIZE = 46;
const LOCAL_SIZE = 30;
const LONGEST_COMMENT = 65_535;
/** Deflate compresses at most 1032 bytes into one. */
const MOST_PACKED = 1032;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly checksum: number;
  readonly packedSize: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * Decodes an .npz file, an archive of arrays as `numpy.savez` and `numpy.savez_compressed` write it. The file need not be
 * trusted: sizes are checked against the file and the limits of deflate before memory is allocated, checksums are verified,
 * and every entry must be an .npy file with a unique name.
 *
 * @param bytes the file, of less than 4 GiB
 * @returns the arrays by name, without `.npy`, in a record without a prototype, so that `__proto__` is a normal name
 * @throws WeightsError `INVALID_ARCHIVE` if the archive is damaged, encrypted, or larger than `maxBytes`; as
 *   {@link decodeNpy} for its entries, with a message that starts with the entry's name
 */
export function decodeNpz(
  bytes: Uint8Array,
  { maxBytes = MOST_BYTES }: DecodeNpzOptions = {},
): Record<string, NamedTensor> {
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]') {
    throw new WeightsError('INVALID_OPTION', 'decodeNpz: expected the bytes of the file as a Uint8Array.');
  }
  const tensors: Record<string, NamedTensor> = Object.create(null);
  for (const [name, entry] of arraysOf(entriesOf(bytes, 0), maxBytes)) {
    tensors[name] = decodeEntry(name, entry, bytes.subarray(entry.offset));
  }
  return tensors;
}

/** A file for random access. */
export interface ByteSource {
  /** Size of the file in bytes. */
  readonly size: number;
  /** Reads `length` bytes from `offset`. Never called beyond the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Options of {@link readNpz}. */
export interface ReadNpzOptions extends DecodeNpzOptions {
  /** Which arrays to read, by name. @default all */
  readonly select?: (name: string) => boolean;
}

/**
 * Reads an .npz file like {@link decodeNpz}, but one array at a time: the file is never completely in memory, and arrays that
 * are not selected are not read.
 *
 * @param source the file
 * @returns the arrays by name, in a record without a prototype
 * @throws WeightsError as {@link decodeNpz}; errors of `source.read`
 */
export async function readNpz(
  source: ByteSource,
  { maxBytes = MOST_BYTES, select = () => true }: ReadNpzOptions = {},
): Promise<Record<string, NamedTensor>> {
  const { size } = source;
  const tensors: Record<string, NamedTensor> = Object.create(null);
  const tailSize = Math.min(size, END_SIZE + LONGEST_COMMENT);
  const directory = directoryOf(await source.read(size - tailSize, tailSize), size - tailSize);
  const start = directory.at;
  const entries = entriesOf(await source.read(start, size - start), start);
  for (const [name, entry] of arraysOf(entries, maxBytes, select)) {
    if (entry.offset + LOCAL_SIZE > size) throw invalid(`the entry ${quote(entry.name)} ends after the file.`);
    const local = await source.read(entry.offset, LOCAL_SIZE);
    const length = Math.min(dataStart(local) + entry.packedSize, size - entry.offset);
    tensors[name] = decodeEntry(name, entry, await source.read(entry.offset, length));
  }
  return tensors;
}

/** The selected entries, by the names of their arrays. */
function arraysOf(
  entries: readonly Entry[],
  maxBytes: number,
  select: (name: string) => boolean = () => true,
): Map<string, Entry> {
  const arrays = new Map<string, Entry>();
  const names = new Set<string>();
  let total = 0;
  for (const entry of entries) {
    if (!entry.name.endsWith('.npy')) {
      throw invalid(`the entry ${quote(entry.name)} is not an .npy file.`);
    }
    const name = entry.name.slice(0, -'.npy'.length);
    if (names.has(name)) throw invalid(`the name ${quote(name)} occurs twice.`);
    names.add(name);
    if (!select(name)) continue;
    total += entry.size;
    if (total > maxBytes) {
      throw invalid(`the arrays take more than ${maxBytes} bytes. Increase maxBytes if you trust the file.`);
    }
    arrays.set(name, entry);
  }
  return arrays;
}

/** @param bytes starting at the entry's local record */
function decodeEntry(name: string, entry: Entry, bytes: Uint8Array): NamedTensor {
  const unpacked = unpack(bytes, entry);
  try {
    return decodeNpy(unpacked);
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    throw new WeightsError(error.code, `${quote(name)}: ${error.message}`, { cause: error });
  }
}

function invalid(what: string, options?: { cause?: unknown }): WeightsError {
  return new WeightsError('INVALID_ARCHIVE', `decodeNpz: ${what}`, options);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Finds a ZIP file's central directory: its start, end and number of entries.
 *
 * @param tail the last bytes of the file
 * @param offset their position in the file
 */
function directoryOf(tail: Uint8Array, offset: number): { at: number; end: number; count: number } {
  const view = viewOf(tail);
  let end = tail.length - END_SIZE;
  const least = Math.max(0, end - LONGEST_COMMENT);
  while (end >= least && view.getUint32(end, true) !== END_RECORD) end--;
  if (end < least) throw invalid('not a ZIP archive, or truncated: it has no directory.');
  const count = view.getUint16(end + 10, true);
  const directorySize = view.getUint32(end + 12, true);
  const at = view.getUint32(end + 16, true);
  if (view.getUint16(end + 8, true) !== count || view.getUint32(end + 4, true) !== 0) {
    throw invalid('multi-part archives are not supported.');
  }
  if (count === 0xffff || at === 0xffffffff) throw invalid('archives of 4 GiB or 65,535 entries are not supported.');
  if (at + directorySize !== offset + end) throw invalid('the directory does not end at its expected position.');
  return { at, end: offset + end, count };
}

/**
 * The entries of a ZIP file's central directory.
 *
 * @param bytes the file from `offset`, at most the start of the directory, to its end
 */
function entriesOf(bytes: Uint8Array, offset: number): Entry[] {
  const view = viewOf(bytes);
  const directory = directoryOf(bytes, offset);
  const { count } = directory;
  let at = directory.at - offset;
  const end = directory.end - offset;

  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_SIZE > end || view.getUint32(at, true) !== CENTRAL_RECORD) {
      throw invalid(`entry ${i} of the directory is damaged.`);
    }
    const flags = view.getUint16(at + 8, true);
    const nameLength = view.getUint16(at + 28, true);
    const length = CENTRAL_SIZE + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (at + length > end) throw invalid(`entry ${i} of the directory is longer than the directory.`);
    if (flags & 1) throw invalid('encrypted archives are not supported.');
    let name: string;
    try {
      const characters = new Uint8Array(nameLength);
      characters.set(bytes.subarray(at + CENTRAL_SIZE, at + CENTRAL_SIZE + nameLength));
      name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(characters);
    } catch (cause) {
      throw invalid(`the name of entry ${i} is not valid UTF-8.`, { cause });
    }
    entries.push({
      name,
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      packedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += length;
  }
  if (at !== end) throw invalid('the directory has more data than its entries.');
  return entries;
}

/** Offset of an entry's data from its local record. */
function dataStart(local: Uint8Array): number {
  const view = viewOf(local);
  return LOCAL_SIZE + view.getUint16(26, true) + view.getUint16(28, true);
}

/** @param bytes starting at the entry's local record */
function unpack(bytes: Uint8Array, entry: Entry): Uint8Array {
  const { name, method, checksum, packedSize, size } = entry;
  const shown = quote(name);
  if (LOCAL_SIZE > bytes.length || viewOf(bytes).getUint32(0, true) !== LOCAL_RECORD) {
    throw invalid(`the entry ${shown} is not at the position in the directory.`);
  }
  const start = dataStart(bytes);
  if (start + packedSize > bytes.length) throw invalid(`the entry ${shown} ends after the file.`);
  const packed = bytes.subarray(start, start + packedSize);
  let unpacked: Uint8Array;
  if (method === 0) {
    if (packedSize !== size) throw invalid(`the entry ${shown} is not compressed, but has two sizes.`);
    unpacked = packed;
  } else if (method === 8) {
    if (size > MOST_PACKED * packedSize) throw invalid(`the entry ${shown} cannot decompress to ${size} bytes.`);
    try {
      // One more byte shows whether there is more data than expected.
      unpacked = inflateSync(packed, { out: new Uint8Array(size + 1) });
    } catch (cause) {
      throw invalid(`the entry ${shown} cannot be decompressed.`, { cause });
    }
    if (unpacked.length !== size) throw invalid(`the entry ${shown} does not decompress to ${size} bytes.`);
  } else throw invalid(`the entry ${shown} uses compression method ${method}; supported are none and deflate.`);
  if (crc32(unpacked) !== checksum) throw invalid(`the entry ${shown} is damaged: its checksum differs.`);
  return unpacked;
}
