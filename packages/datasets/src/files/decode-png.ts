import { unzlibSync } from 'fflate';
import type { DecodedPng } from 'fast-png';

import { fileError, messageOf } from '../errors';
import { MAX_BYTES, type DecodeFileOptions } from './decode-options';
import { MAX_DEFLATE_RATIO } from './gzip';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/**
 * Chunks of the image. Others, such as texts and color profiles, are dropped: fast-png would decompress profiles without limit.
 */
const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

/** An image, in gray or in color. */
export interface PngImage {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Bits per sample in the file: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** Whether the file stores colors, even if all of them are gray. */
  readonly colored: boolean;
  /**
   * Row-major, in [0, 1]: gray [height * width], 0 is black, 1 white; or the red, green and blue of each pixel,
   * [height * width * 3].
   */
  readonly values: Float32Array;
}

/** Options of {@link decodePng}. */
export interface DecodePngOptions extends DecodeFileOptions {
  /** Values per pixel: 1 for gray, 3 for red, green and blue. @default 1 */
  readonly channels?: number;
  /** Receives the size before the image is decoded; throw to refuse it. */
  readonly check?: (height: number, width: number) => void;
}

/** Whether bytes start with the signature of PNG. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * Decodes a PNG image of 1 to 16 bits to gray values, 0 black and 1 white, or to colors. For gray values, colors are
 * converted with the weights of Rec. 601: 0.299 red + 0.587 green + 0.114 blue.
 *
 * The file need not be trusted: its size is checked against `maxBytes` and against the decompressed data before the image
 * is decoded, and checksums are verified.
 *
 * @param bytes the file
 * @throws DatasetError `TRUNCATED_FILE`, `INVALID_FILE`; `UNSUPPORTED_FILE` for an image with transparency, or interlaced
 * with fewer than 8 bits; `TOO_LARGE` if the image takes more than `maxBytes`; `INVALID_OPTION` if `bytes` is not a
 * `Uint8Array`, or `channels` is not 1 or 3
 */
export async function decodePng(bytes: Uint8Array, options: DecodePngOptions = {}): Promise<PngImage> {
  const { name: file = 'the file', maxBytes = MAX_BYTES, check, channels = 1 } = options;
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]')
    throw fileError('INVALID_OPTION', { file: 'decodePng' }, 'expected the bytes of the file as a Uint8Array.');
  if (channels !== 1 && channels !== 3)
    throw fileError('INVALID_OPTION', { file }, `an image has 1 channel (gray) or 3 (red, green, blue); got ${channels}.`); // prettier-ignore
  const chunks = chunksOf(file, bytes);
  const header = headerOf(file, chunks);
  check?.(header.height, header.width);
  const { height, width, depth, colored, interlaced, samples } = header;
  // Four bytes per value, and the samples of the decoder.
  const needed = height * width * (4 * channels + samples * Math.ceil(depth / 8));
  if (needed > maxBytes)
    throw fileError('TOO_LARGE', { file, place: 'IHDR' }, `${width} x ${height} pixels take ${needed} bytes, but maxBytes is ${maxBytes}.`); // prettier-ignore
  if (interlaced && depth < 8)
    throw fileError(
      'UNSUPPORTED_FILE',
      { file, place: 'IHDR' },
      `interlaced PNG images of ${depth} bits are not supported. Save the image without interlacing.`,
    );
  checkUnpackedSize(file, chunks, packedBytes(header));
  // Imported here because the rest of the package does not need it.
  const { convertIndexedToRgb, decode } = await import('fast-png');
  try {
    return {
      height,
      width,
      depth,
      colored,
      values: valuesOf(file, decode(reassembled(chunks), { checkCrc: true }), { channels, toRgb: convertIndexedToRgb }),
    };
  } catch (cause) {
    if ((cause as Error | null)?.name === 'DatasetError') throw cause;
    throw fileError('INVALID_FILE', { file }, `the PNG image is invalid: ${messageOf(cause)}.`, { cause });
  }
}

interface Chunk {
  readonly type: string;
  /** Length, type, data and checksum. */
  readonly whole: Uint8Array;
  readonly data: Uint8Array;
}

/** The chunks of the image, up to IEND. */
function chunksOf(file: string, bytes: Uint8Array): Chunk[] {
  if (!isPng(bytes)) {
    if (SIGNATURE.every((byte, i) => i >= bytes.length || bytes[i] === byte))
      throw fileError('TRUNCATED_FILE', { file }, `it ends after ${bytes.length} bytes, within the PNG signature.`);
    throw fileError('INVALID_FILE', { file, place: 'byte 0' }, 'not a PNG file (bad signature).');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; ;) {
    const place = `byte ${at}`;
    if (at + 12 > bytes.length) throw fileError('TRUNCATED_FILE', { file, place }, 'it ends before the chunk IEND.');
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw fileError('INVALID_FILE', { file, place }, 'expected a chunk.');
    const end = at + 12 + length;
    if (end > bytes.length)
      throw fileError(
        'TRUNCATED_FILE',
        { file, place },
        `the chunk ${type} of ${length} bytes extends beyond the end of the file.`,
      );
    if (KEPT.has(type)) chunks.push({ type, whole: bytes.subarray(at, end), data: bytes.subarray(at + 8, end - 4) });
    // A capital first letter marks chunks without which the image cannot be decoded.
    else if (/^[A-Z]/.test(type))
      throw fileError('UNSUPPORTED_FILE', { file, place }, `the chunk ${type} is not supported.`);
    if (type === 'IEND') return chunks;
    at = end;
  }
}

interface PngHeader {
  readonly height: number;
  readonly width: number;
  readonly depth: number;
  /** Samples per pixel in the file. */
  readonly samples: number;
  readonly colored: boolean;
  readonly interlaced: boolean;
}

/** Samples per pixel and valid depths, by color type. */
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
    throw invalid('expected the first chunk to be the only IHDR, of 13 bytes.');
  const view = new DataView(first.data.buffer, first.data.byteOffset, first.data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, color, compression, filter, interlace] = first.data.subarray(8) as unknown as [number, number, number, number, number]; // prettier-ignore
  const known = COLORS.get(color);
  if (width === 0 || height === 0) throw invalid(`the size ${width} x ${height} is not valid.`);
  if (known === undefined || !known.depths.includes(depth))
    throw invalid(`color type ${color} with ${depth} bits is not valid.`);
  if (compression !== 0 || filter !== 0 || interlace > 1)
    throw invalid(`compression ${compression}, filter ${filter} or interlacing ${interlace} is not valid.`);
  if (color === 3 && count('PLTE') === 0) throw invalid('indexed colors require a palette (PLTE).');
  if (count('PLTE') > 1 || count('tRNS') > 1) throw invalid('expected at most one PLTE and one tRNS.');
  const colored = [2, 3, 6].includes(color);
  return { width, height, depth, samples: known.samples, colored, interlaced: interlace === 1 };
}

/** Start and distance of the pixels of the seven interlacing passes: column, row, column step, row step. */
const PASSES = [
  [0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2],
] as const; // prettier-ignore

/** Bytes of the filtered image, with one byte per row for its filter. */
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

/**
 * Decompresses the data into a buffer of the expected size and checks that it fills it. fast-png decompresses again, but
 * without a limit, so a small file could fill the memory.
 */
function checkUnpackedSize(file: string, chunks: readonly Chunk[], expected: number): void {
  const parts = chunks.filter(({ type }) => type === 'IDAT');
  const place = 'IDAT';
  const packed = new Uint8Array(parts.reduce((sum, { data }) => sum + data.length, 0));
  if (expected > packed.length * MAX_DEFLATE_RATIO)
    throw fileError('INVALID_FILE', { file, place }, `${packed.length} bytes cannot decompress to the ${expected} of the image.`); // prettier-ignore
  let at = 0;
  for (const { data } of parts) {
    packed.set(data, at);
    at += data.length;
  }
  let got: number;
  try {
    // One more byte shows whether there is more data than expected.
    got = unzlibSync(packed, { out: new Uint8Array(expected + 1) }).length;
  } catch (cause) {
    throw fileError('INVALID_FILE', { file, place }, `the data cannot be decompressed: ${messageOf(cause)}.`, {
      cause,
    });
  }
  if (got !== expected)
    throw fileError('INVALID_FILE', { file, place }, `the image has ${expected} bytes, but its data decompresses to ${got > expected ? 'more' : got}.`); // prettier-ignore
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

function valuesOf(
  file: string,
  png: DecodedPng,
  how: { readonly channels: 1 | 3; readonly toRgb: (png: DecodedPng) => Uint8Array },
): Float32Array {
  const { width, height, depth, palette, transparency } = png;
  let { channels } = png;
  let data: ArrayLike<number>;
  let white = 2 ** depth - 1;
  if (palette !== undefined) {
    channels = palette[0]?.length ?? 3;
    white = 255;
    data = how.toRgb(png);
  } else data = depth < 8 ? unpackBits(png) : png.data;
  if (transparency !== undefined) throw notOpaque(file);

  const values = new Float32Array(width * height * how.channels);
  const colored = channels >= 3;
  const opaque = channels % 2 === 1; // one or three, not two or four
  for (let n = 0; n < width * height; n++) {
    const at = n * channels;
    if (!opaque && data[at + channels - 1] !== white) throw notOpaque(file);
    const [red, green, blue] = [data[at], data[at + 1], data[at + 2]] as [number, number, number];
    if (how.channels === 3)
      values.set([red / white, (colored ? green : red) / white, (colored ? blue : red) / white], 3 * n);
    else values[n] = (colored ? 0.299 * red + 0.587 * green + 0.114 * blue : red) / white;
  }
  return values;
}

function notOpaque(file: string) {
  return fileError('UNSUPPORTED_FILE', { file }, 'the image has transparent pixels. Save it without transparency.');
}

/** Unpacks pixels of fewer than 8 bits; each row starts at a byte. */
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
