import { inflateSync } from 'fflate';

import { crc32 } from './crc32';
import { decodeNpy } from './decode-npy';
import { WeightsError } from './errors';
import type { NamedTensor } from './named-tensor';
import { quote } from './quote';

/** How to read. */
export interface DecodeNpzOptions {
  /** Most bytes that the arrays may take together, unpacked. @default 2 ** 31 */
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
/** Deflate packs at most 1032 bytes into one. */
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
 * Reads an archive of NumPy's arrays, an .npz file, as `numpy.savez` and `numpy.savez_compressed` write it. Nothing of it
 * is trusted: sizes are held against the file and against what deflate can pack before memory is taken, checksums are
 * verified, every entry has to be an .npy file and its name unique.
 *
 * @param bytes the whole file, of less than 4 GiB
 * @returns the arrays by name, without `.npy`. The record has no prototype, so a name such as `__proto__` is a name like any other
 * @throws WeightsError `INVALID_ARCHIVE` where the archive is not sound, encrypted, or unpacks to more than `maxBytes`; as
 *   {@link decodeNpy} for its entries, whose message then begins with the entry's name
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

/** A file that is read part by part. */
export interface ByteSource {
  /** Bytes of the file. */
  readonly size: number;
  /** The bytes from `offset` on, `length` of them; never asked for beyond the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** How to read part by part. */
export interface ReadNpzOptions extends DecodeNpzOptions {
  /** Which arrays to read, by name. @default all */
  readonly select?: (name: string) => boolean;
}

/**
 * Reads an .npz file as {@link decodeNpz} does, but one array after another: the file is never in memory as a whole, and
 * arrays that are not asked for are not read.
 *
 * @param source the file
 * @returns the arrays by name, in a record without a prototype
 * @throws WeightsError as {@link decodeNpz}; what `source.read` throws
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

/** The entries that are asked for, by the names of their arrays. */
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
      throw invalid(`the entry ${quote(entry.name)} is no .npy file; is this an archive of NumPy's?`);
    }
    const name = entry.name.slice(0, -'.npy'.length);
    if (names.has(name)) throw invalid(`the name ${quote(name)} comes twice.`);
    names.add(name);
    if (!select(name)) continue;
    total += entry.size;
    if (total > maxBytes) {
      throw invalid(`its arrays take more than ${maxBytes} bytes. Give a larger maxBytes, if the file is trusted.`);
    }
    arrays.set(name, entry);
  }
  return arrays;
}

/** @param bytes from the entry's local record on */
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
 * Where a ZIP file's central directory begins and ends, and how many entries it has.
 *
 * @param tail the last bytes of the file
 * @param offset where they lie in it
 */
function directoryOf(tail: Uint8Array, offset: number): { at: number; end: number; count: number } {
  const view = viewOf(tail);
  let end = tail.length - END_SIZE;
  const least = Math.max(0, end - LONGEST_COMMENT);
  while (end >= least && view.getUint32(end, true) !== END_RECORD) end--;
  if (end < least) throw invalid('this is no .npz file, or it ends early: it has no directory of a ZIP archive.');
  const count = view.getUint16(end + 10, true);
  const directorySize = view.getUint32(end + 12, true);
  const at = view.getUint32(end + 16, true);
  if (view.getUint16(end + 8, true) !== count || view.getUint32(end + 4, true) !== 0) {
    throw invalid('archives in several parts are not supported.');
  }
  if (count === 0xffff || at === 0xffffffff) throw invalid('archives of 4 GiB or 65,535 entries are not supported.');
  if (at + directorySize !== offset + end) throw invalid('the directory does not end where it should.');
  return { at, end: offset + end, count };
}

/**
 * The entries of a ZIP file's central directory.
 *
 * @param bytes the file from `offset`, at most the beginning of the directory, to its end
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
  if (at !== end) throw invalid('the directory holds more than its entries.');
  return entries;
}

/** Where an entry's data begin, from the beginning of its local record. */
function dataStart(local: Uint8Array): number {
  const view = viewOf(local);
  return LOCAL_SIZE + view.getUint16(26, true) + view.getUint16(28, true);
}

/** @param bytes from the entry's local record on */
function unpack(bytes: Uint8Array, entry: Entry): Uint8Array {
  const { name, method, checksum, packedSize, size } = entry;
  const shown = quote(name);
  if (LOCAL_SIZE > bytes.length || viewOf(bytes).getUint32(0, true) !== LOCAL_RECORD) {
    throw invalid(`the entry ${shown} is not where the directory says.`);
  }
  const start = dataStart(bytes);
  if (start + packedSize > bytes.length) throw invalid(`the entry ${shown} ends after the file.`);
  const packed = bytes.subarray(start, start + packedSize);
  let unpacked: Uint8Array;
  if (method === 0) {
    if (packedSize !== size) throw invalid(`the entry ${shown} is not packed, but has two sizes.`);
    unpacked = packed;
  } else if (method === 8) {
    if (size > MOST_PACKED * packedSize) throw invalid(`the entry ${shown} cannot unpack to ${size} bytes.`);
    try {
      // One byte more than there should be shows that there is more.
      unpacked = inflateSync(packed, { out: new Uint8Array(size + 1) });
    } catch (cause) {
      throw invalid(`the entry ${shown} cannot be unpacked.`, { cause });
    }
    if (unpacked.length !== size) throw invalid(`the entry ${shown} does not unpack to ${size} bytes.`);
  } else throw invalid(`the entry ${shown} is packed by method ${method}; supported are none and deflate.`);
  if (crc32(unpacked) !== checksum) throw invalid(`the entry ${shown} is damaged: its checksum differs.`);
  return unpacked;
}
