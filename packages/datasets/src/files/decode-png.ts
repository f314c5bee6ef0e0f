import { unzlibSync } from 'fflate';
import type { DecodedPng } from 'fast-png';

import { fileError, messageOf } from '../errors';
import { MAX_BYTES, type DecodeFileOptions } from './decode-options';
import { MAX_DEFLATE_RATIO } from './gzip';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Chunks that make the picture. Others, such as texts and color profiles, are passed over, however much they unpack to. */
const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

/** A grey image. */
export interface GreyImage {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Bits of a sample in the file: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** Whether the file has colors, of a palette or of its pixels, even if all of them are grey. */
  readonly colored: boolean;
  /** [height * width], row by row: 0 black, 1 white. */
  readonly values: Float32Array;
}

/** Options of {@link decodePng}. */
export interface DecodePngOptions extends DecodeFileOptions {
  /** Is told the size before the image is unpacked, and throws where it will not do. */
  readonly check?: (height: number, width: number) => void;
}

/** Whether bytes begin as a PNG file does. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads a PNG image as grey values, 0 black and 1 white. Color becomes grey by the weights of Rec. 601, as in most
 * programs: 0.299 red + 0.587 green + 0.114 blue. Depths of 1 to 16 bits.
 *
 * Nothing of the file is trusted: the size that it claims is held against `maxBytes` and against what its data unpack to
 * before the image is made, and checksums are verified.
 *
 * @param bytes the whole file
 * @throws DatasetError `TRUNCATED_FILE`, `INVALID_FILE` for a file that is not sound; `UNSUPPORTED_FILE` for an image that
 * is not opaque, or interlaced and of fewer than 8 bits; `TOO_LARGE` where the values would take more than `maxBytes`;
 * `INVALID_OPTION` for an argument that is no `Uint8Array`
 */
export async function decodePng(bytes: Uint8Array, options: DecodePngOptions = {}): Promise<GreyImage> {
  const { name: file = 'the file', maxBytes = MAX_BYTES, check } = options;
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]')
    throw fileError('INVALID_OPTION', { file: 'decodePng' }, 'expected the bytes of the file as a Uint8Array.');
  const chunks = chunksOf(file, bytes);
  const header = headerOf(file, chunks);
  check?.(header.height, header.width);
  const { height, width, depth, colored, interlaced, samples } = header;
  // Four bytes to a value here, and what the decoder makes of it: samples of one or two bytes.
  const needed = height * width * (4 + samples * Math.ceil(depth / 8));
  if (needed > maxBytes)
    throw fileError('TOO_LARGE', { file, place: 'IHDR' }, `${width} x ${height} pixels take ${needed} bytes, more than the ${maxBytes} allowed.`); // prettier-ignore
  if (interlaced && depth < 8)
    throw fileError(
      'UNSUPPORTED_FILE',
      { file, place: 'IHDR' },
      `an interlaced PNG of ${depth} bits is not supported. Save it without interlacing.`,
    );
  checkUnpackedSize(file, chunks, packedBytes(header));
  // Loaded where it is used: the rest of the package needs none of it.
  const { convertIndexedToRgb, decode } = await import('fast-png');
  try {
    return {
      height,
      width,
      depth,
      colored,
      values: greyOf(file, decode(reassembled(chunks), { checkCrc: true }), convertIndexedToRgb),
    };
  } catch (cause) {
    if ((cause as Error | null)?.name === 'DatasetError') throw cause;
    throw fileError('INVALID_FILE', { file }, `it cannot be read as a PNG image: ${messageOf(cause)}.`, { cause });
  }
}

interface Chunk {
  readonly type: string;
  /** Length, type, data and checksum. */
  readonly whole: Uint8Array;
  readonly data: Uint8Array;
}

/** The chunks that are kept, up to IEND. */
function chunksOf(file: string, bytes: Uint8Array): Chunk[] {
  if (!isPng(bytes)) {
    if (SIGNATURE.every((byte, i) => i >= bytes.length || bytes[i] === byte))
      throw fileError(
        'TRUNCATED_FILE',
        { file },
        `it ends after ${bytes.length} bytes, within a PNG file's signature.`,
      );
    throw fileError('INVALID_FILE', { file, place: 'byte 0' }, 'this is no PNG image: it begins otherwise.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; ;) {
    const place = `byte ${at}`;
    if (at + 12 > bytes.length)
      throw fileError('TRUNCATED_FILE', { file, place }, 'it ends before its last chunk, IEND, does.');
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw fileError('INVALID_FILE', { file, place }, 'expected the name of a chunk.');
    const end = at + 12 + length;
    if (end > bytes.length)
      throw fileError(
        'TRUNCATED_FILE',
        { file, place },
        `the chunk ${type} of ${length} bytes ends after the file does.`,
      );
    if (KEPT.has(type)) chunks.push({ type, whole: bytes.subarray(at, end), data: bytes.subarray(at + 8, end - 4) });
    // A name in capitals means that the image cannot be understood without the chunk.
    else if (/^[A-Z]/.test(type))
      throw fileError('UNSUPPORTED_FILE', { file, place }, `the chunk ${type} is not known.`);
    if (type === 'IEND') return chunks;
    at = end;
  }
}

interface PngHeader {
  readonly height: number;
  readonly width: number;
  readonly depth: number;
  /** Samples of a pixel in the file. */
  readonly samples: number;
  readonly colored: boolean;
  readonly interlaced: boolean;
}

/** Samples of a pixel, and depths there may be, by the type of color. */
const COLORS: ReadonlyMap<number, { readonly samples: number; readonly depths: readonly number[] }> =
  /* @__PURE__ */ new Map([
    [0, { samples: 1, depths: [1, 2, 4, 8, 16] }],
    [2, { samples: 3, depths: [8, 16] }],
    [3, { samples: 1, depths: [1, 2, 4, 8] }],
    [4, { samples: 2, depths: [8, 16] }],
    [6, { samples: 4, depths: [8, 16] }],
  ]);

function headerOf(file: string, chunks: readonly Chunk[]): PngHeader {
  const invalid = (reason: string) => fileError('INVALID_FILE', { file, place: 'IHDR' }, reason);
  const count = (type: string) => chunks.filter((chunk) => chunk.type === type).length;
  const [first] = chunks;
  if (first?.type !== 'IHDR' || count('IHDR') !== 1 || first.data.length !== 13)
    throw invalid('expected one header, the first chunk, of 13 bytes.');
  const view = new DataView(first.data.buffer, first.data.byteOffset, first.data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, color, compression, filter, interlace] = first.data.subarray(8) as unknown as [number, number, number, number, number]; // prettier-ignore
  const known = COLORS.get(color);
  if (width === 0 || height === 0) throw invalid(`there is no image of ${width} x ${height} pixels.`);
  if (known === undefined || !known.depths.includes(depth))
    throw invalid(`there are no images of color type ${color} and ${depth} bits.`);
  if (compression !== 0 || filter !== 0 || interlace > 1)
    throw invalid(`compression ${compression}, filter ${filter}, interlacing ${interlace} are not those of PNG.`);
  if (color === 3 && count('PLTE') === 0) throw invalid('an image of indexed colors needs a palette, PLTE.');
  if (count('PLTE') > 1 || count('tRNS') > 1) throw invalid('there is more than one palette or transparency.');
  const colored = [2, 3, 6].includes(color);
  return { width, height, depth, samples: known.samples, colored, interlaced: interlace === 1 };
}

/** Where the seven passes of an interlaced image begin and how far apart their pixels are: column, row, and steps. */
const PASSES = [
  [0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2],
] as const; // prettier-ignore

/** Bytes of the filtered image: each row begins with one for its filter. */
function packedBytes({ width, height, depth, samples, interlaced }: PngHeader): number {
  const bytes = (columns: number, rows: number) =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * samples * depth) / 8));
  if (!interlaced) return bytes(width, height);
  return PASSES.reduce(
    (sum, [left, top, across, down]) =>
      sum + bytes(Math.max(0, Math.ceil((width - left) / across)), Math.max(0, Math.ceil((height - top) / down))),
    0,
  );
}

/** Unpacks the data into just the room that they may take, and sees whether they fill it. */
function checkUnpackedSize(file: string, chunks: readonly Chunk[], expected: number): void {
  const parts = chunks.filter(({ type }) => type === 'IDAT');
  const place = 'IDAT';
  const packed = new Uint8Array(parts.reduce((sum, { data }) => sum + data.length, 0));
  if (expected > packed.length * MAX_DEFLATE_RATIO)
    throw fileError('INVALID_FILE', { file, place }, `${packed.length} bytes cannot unpack to the ${expected} of the image.`); // prettier-ignore
  let at = 0;
  for (const { data } of parts) {
    packed.set(data, at);
    at += data.length;
  }
  let got: number;
  try {
    // One byte more than there should be shows that there is more.
    got = unzlibSync(packed, { out: new Uint8Array(expected + 1) }).length;
  } catch (cause) {
    throw fileError('INVALID_FILE', { file, place }, `its data cannot be unpacked: ${messageOf(cause)}.`, { cause });
  }
  if (got !== expected)
    throw fileError('INVALID_FILE', { file, place }, `the image needs ${expected} bytes, but its data unpack to ${got > expected ? 'more' : got}.`); // prettier-ignore
}

function reassembled(chunks: readonly Chunk[]): Uint8Array {
  const bytes = new Uint8Array(SIGNATURE.length + chunks.reduce((sum, { whole }) => sum + whole.length, 0));
  bytes.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const { whole } of chunks) {
    bytes.set(whole, at);
    at += whole.length;
  }
  return bytes;
}

function greyOf(file: string, png: DecodedPng, toRgb: (png: DecodedPng) => Uint8Array): Float32Array {
  const { width, height, depth, palette, transparency } = png;
  let { channels } = png;
  let data: ArrayLike<number>;
  let white = 2 ** depth - 1;
  if (palette !== undefined) {
    channels = palette[0]?.length ?? 3;
    white = 255;
    data = toRgb(png);
  } else data = depth < 8 ? unpackBits(png) : png.data;
  if (transparency !== undefined) throw notOpaque(file);

  const values = new Float32Array(width * height);
  const colored = channels >= 3;
  const opaque = channels % 2 === 1; // one or three, not two or four
  for (let n = 0; n < values.length; n++) {
    const at = n * channels;
    if (!opaque && data[at + channels - 1] !== white) throw notOpaque(file);
    const [red, green, blue] = [data[at], data[at + 1], data[at + 2]] as [number, number, number];
    values[n] = (colored ? 0.299 * red + 0.587 * green + 0.114 * blue : red) / white;
  }
  return values;
}

function notOpaque(file: string) {
  return fileError(
    'UNSUPPORTED_FILE',
    { file },
    'the image has transparent pixels, and what lies beneath them is not known. Save it without transparency.',
  );
}

/** Pixels of fewer than 8 bits, of which several are in a byte; rows begin at a byte. */
function unpackBits({ width, height, depth, data }: DecodedPng): Uint8Array {
  const perByte = 8 / depth;
  const rowBytes = Math.ceil(width / perByte);
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = data[y * rowBytes + Math.floor(x / perByte)] as number;
      pixels[y * width + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & (2 ** depth - 1);
    }
  }
  return pixels;
}
