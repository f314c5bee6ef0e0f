import { convertIndexedToRgb, decode, type DecodedPng } from 'fast-png';

import { CliError } from '../errors';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Signature, length and type of the first chunk, its 13 bytes. */
const HEADER_SIZE = 29;

/** A grey image: [height, width] values in [0, 1]. */
export interface GreyImage {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** Whether bytes begin as a PNG file does. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads a PNG image as grey values, 0 black and 1 white. Color becomes grey by the weights of Rec. 601, as in most
 * programs: 0.299 red + 0.587 green + 0.114 blue. Depths of 1 to 16 bits.
 *
 * @param check is told the size before the image is unpacked, and throws where it will not do
 * @throws CliError `INPUT` where the file is damaged, or the image is not opaque
 */
export function decodePng(
  name: string,
  bytes: Uint8Array,
  check: (height: number, width: number) => void = () => undefined,
): GreyImage {
  if (bytes.length < HEADER_SIZE) throw damaged(name, 'it ends before its header does');
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height, depth, interlaced] = [
    header.getUint32(16),
    header.getUint32(20),
    header.getUint8(24),
    header.getUint8(28) !== 0,
  ];
  check(height, width);
  if (interlaced && depth < 8) {
    throw new CliError(
      'INPUT',
      `'${name}' is an interlaced PNG of ${depth} bits, which is not supported. Save it without interlacing.`,
    );
  }
  let png: DecodedPng;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw damaged(name, cause instanceof Error ? cause.message : String(cause), cause);
  }
  return { height, width, values: greyOf(name, png) };
}

function damaged(name: string, why: string, cause?: unknown): CliError {
  return new CliError('INPUT', `'${name}' cannot be read as a PNG image: ${why}.`, { cause });
}

function greyOf(name: string, png: DecodedPng): Float32Array {
  const { width, height, depth, palette, transparency } = png;
  let { channels } = png;
  let data: ArrayLike<number>;
  let white = 2 ** depth - 1;
  if (palette !== undefined) {
    channels = palette[0]?.length ?? 3;
    white = 255;
    try {
      data = convertIndexedToRgb(png);
    } catch (cause) {
      throw damaged(name, cause instanceof Error ? cause.message : String(cause), cause);
    }
  } else data = depth < 8 ? unpackBits(png) : png.data;
  if (transparency !== undefined) throw notOpaque(name);

  const values = new Float32Array(width * height);
  const colored = channels >= 3;
  const opaque = channels % 2 === 1; // one or three, not two or four
  for (let n = 0; n < values.length; n++) {
    const at = n * channels;
    if (!opaque && data[at + channels - 1] !== white) throw notOpaque(name);
    const [red, green, blue] = [data[at], data[at + 1], data[at + 2]] as [number, number, number];
    values[n] = (colored ? 0.299 * red + 0.587 * green + 0.114 * blue : red) / white;
  }
  return values;
}

function notOpaque(name: string): CliError {
  return new CliError(
    'INPUT',
    `'${name}' has transparent pixels, and what lies beneath them is not known. Save it without transparency.`,
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
