import type { Split } from '../contract/split';
import { IGNORED_SEGMENT } from '../contract/dataset';
import { fileError } from '../errors';
import { areaResize, type AreaResize, type Crop } from './area-resize';
import { splitOf } from './array-names';
import type { ExampleArrays, FileArrays } from './file-arrays';
import { requireWhole } from '../options';
import { claim, forPieces, openArray, type OpenArray, type Reading } from './hdf5-arrays';

/** Options for files of scenes with objects. */
export interface SceneOptions {
  /** Leaves out images that show more objects; needs masks. CLEVR6 is CLEVR with at most 6. @default all images */
  readonly maxObjects?: number;
  /** Uses this part of each image. @default the whole image */
  readonly crop?: Crop;
  /** Resizes images to these rows and columns, by area; segments to the one that covers most. @default no change */
  readonly resize?: readonly [rows: number, columns: number];
}

/**
 * Validates options before a file is read.
 *
 * @throws DatasetError `INVALID_OPTION`
 */
export function checkSceneOptions(file: string, { maxObjects, crop, resize }: SceneOptions): void {
  if (maxObjects !== undefined) requireWhole(file, 'maxObjects', maxObjects, 1, IGNORED_SEGMENT);
  requireWholes(file, 'crop', crop, ['top', 'left', 'rows', 'columns']);
  requireWholes(file, 'resize', resize, ['rows', 'columns']);
}

/** Requires an integer for each name: rows and columns of at least 1. */
function requireWholes(file: string, option: string, values: unknown, names: readonly string[]): void {
  if (values === undefined) return;
  if (!Array.isArray(values) || values.length !== names.length)
    throw fileError(
      'INVALID_OPTION',
      { file },
      `${option} must be [${names.join(', ')}]; got ${JSON.stringify(values)}.`,
    );
  for (const [i, name] of names.entries())
    requireWhole(
      file,
      `${option}[${i}], the ${name},`,
      values[i],
      name === 'rows' || name === 'columns' ? 1 : 0,
      65_536,
    );
}

/** The images and masks of a part of a file. */
interface SceneArrays {
  readonly split: Split | 'whole';
  readonly images: string;
  readonly masks: string;
}

const GROUPS = ['train', 'val', 'valid', 'validation', 'test'];

/** All arrays that files of scenes may have: paths to ask for. */
export const scenePaths = (): readonly string[] => [
  ...GROUPS.flatMap((group) => [`${group}/imgs`, `${group}/masks`]),
  'image',
  'mask',
];

/** The parts of a file of scenes; none if it has another layout. */
export function scenesIn({ contents }: Reading): readonly SceneArrays[] {
  const { arrays } = contents;
  if (arrays['image']) return [{ split: 'whole', images: 'image', masks: 'mask' }];
  return GROUPS.flatMap((group) => {
    const split = splitOf(group);
    return arrays[`${group}/imgs`] && split !== undefined
      ? [{ split, images: `${group}/imgs`, masks: `${group}/masks` }]
      : [];
  });
}

/**
 * Reads files of scenes with objects, in one of two layouts. Segment 0 is the background.
 *
 * - that of EfficientMORL, an export of DeepMind's Multi-Object Datasets: groups `train`, `val` and `test` with `imgs`
 *   [size, rows, columns, channels] and `masks` [size, K, rows, columns, 1], the first mask for the background
 * - that of object-centric-library: `image` [size, rows, columns, channels] and `mask` [size, rows, columns, 1] with the number of
 *   the object of each pixel, 0 for the background
 *
 * The masks are optional. Other arrays, such as factors and visibility, are not read. Masks, then images, are read in pieces,
 * and each piece is filtered, cropped and resized at once, so memory holds only the result.
 *
 * @throws DatasetError as `readHdf5Arrays`; `INVALID_OPTION` for options that do not fit the file
 */
export async function readScenes(
  reading: Reading,
  scenes: readonly SceneArrays[],
  options: SceneOptions,
): Promise<FileArrays> {
  const read: Partial<Record<Split | 'whole', ExampleArrays>> = {};
  for (const { split, images, masks } of scenes) {
    if (read[split])
      throw fileError('INVALID_DATA', { file: reading.path, place: images }, `a second group for '${split}'.`);
    read[split] = await readPart(reading, images, masks, options);
  }
  return read;
}

/** One part of a file while it is read. */
interface Part {
  readonly reading: Reading;
  readonly size: number;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly resize: AreaResize;
  readonly out: readonly [rows: number, columns: number];
}

async function readPart(
  reading: Reading,
  imagePath: string,
  maskPath: string,
  options: SceneOptions,
): Promise<ExampleArrays> {
  const images = openArray(reading, imagePath);
  const where = { file: reading.path, place: imagePath };
  const [size = 0, rows = 0, columns = 0, channels = 0] = images.shape;
  if (images.shape.length !== 4)
    throw fileError('INVALID_DATA', where, `expected the shape (size, rows, columns, channels); got (${images.shape.join(', ')}).`); // prettier-ignore
  if (images.dtype !== 'U8' && images.dtype !== 'F32' && images.dtype !== 'F64')
    throw fileError('UNSUPPORTED_FILE', where, `expected bytes or floating-point numbers; got ${images.dtype}.`);
  const { crop = [0, 0, rows, columns], maxObjects } = options;
  const { resize: out = [crop[2], crop[3]] } = options;
  if (crop[0] + crop[2] > rows || crop[1] + crop[3] > columns)
    throw fileError('INVALID_OPTION', where, `crop [${crop.join(', ')}] is not within ${rows} x ${columns} pixels.`);
  const part = { reading, size, rows, columns, channels, resize: areaResize(columns, crop, out), out };
  const hasMasks = reading.contents.arrays[maskPath] !== undefined;
  if (maxObjects !== undefined && !hasMasks)
    throw fileError('INVALID_OPTION', where, `maxObjects needs masks, but there is no '${maskPath}'.`);
  const truth = hasMasks ? await readSegments(part, openArray(reading, maskPath), maxObjects) : undefined;
  const kept = truth?.kept ?? new Uint8Array(size).fill(1);
  const count = kept.reduce((sum, keep) => sum + keep, 0);
  if (count === 0) throw fileError('INVALID_DATA', where, `no image shows at most ${maxObjects} objects.`);
  const inputs = await readImages(part, images, kept, count);
  const shape = [count, ...out];
  return {
    inputs,
    ...(truth && { segments: { dtype: 'U8', shape, data: truth.segments }, background: 0 }),
  };
}

/** Reads the segments, and which images to keep. */
async function readSegments(
  { reading, size, rows, columns, resize, out }: Part,
  masks: OpenArray,
  maxObjects = Infinity,
): Promise<{ segments: Uint8Array; kept: Uint8Array }> {
  const where = { file: reading.path, place: masks.source };
  const pixels = rows * columns;
  const own = masks.shape.slice(1).reduce((product, length) => product * length, 1);
  const K = own / pixels;
  const numbers = K === 1 && masks.shape[1] === rows && masks.shape[2] === columns;
  const [, k, r, c, last = 1] = masks.shape;
  if (masks.shape[0] !== size || !(numbers || (k === K && r === rows && c === columns && last === 1)))
    throw fileError('INVALID_DATA', where, `expected (${size}, ${rows}, ${columns}, 1) or masks (${size}, K, ${rows}, ${columns}, 1); got (${masks.shape.join(', ')}).`); // prettier-ignore
  if (K > IGNORED_SEGMENT)
    throw fileError('UNSUPPORTED_FILE', where, `${K} masks; at most ${IGNORED_SEGMENT} are supported.`);
  const outPixels = out[0] * out[1];
  claim(reading, masks.source, size * (outPixels + 1) + pixels);
  const segments = new Uint8Array(size * outPixels);
  const kept = new Uint8Array(size);
  const whole = new Uint8Array(pixels);
  const seen = new Uint8Array(256);
  let written = 0;
  await forPieces(reading, masks, { from: 0, to: size }, (piece, first, count) => {
    for (let example = 0; example < count; example++) {
      seen.fill(0);
      for (let pixel = 0; pixel < pixels; pixel++) {
        const at = example * own + pixel;
        const segment = numbers ? Number(piece[at]) : frontMask(piece, at, pixels, K);
        if (!(Number.isInteger(segment) && segment >= 0 && segment <= IGNORED_SEGMENT))
          throw fileError('INVALID_DATA', where, `expected numbers of objects, 0 to 255; got ${segment} in example ${first + example}.`); // prettier-ignore
        whole[pixel] = segment;
        seen[segment] = 1;
      }
      let objects = 0;
      for (let segment = 1; segment < IGNORED_SEGMENT; segment++) objects += seen[segment]!;
      if (objects > maxObjects) continue;
      kept[first + example] = 1;
      resize.segments(whole, segments.subarray(written, written + outPixels));
      written += outPixels;
    }
  });
  return { segments: segments.slice(0, written), kept };
}

/** The index of the largest mask at a pixel, 255 if all are 0. */
function frontMask(masks: ArrayLike<number | bigint>, at: number, pixels: number, K: number): number {
  let segment = IGNORED_SEGMENT;
  let largest = 0;
  for (let k = 0; k < K; k++) {
    const mask = Number(masks[at + k * pixels]);
    if (mask > largest) {
      largest = mask;
      segment = k;
    }
  }
  return segment;
}

async function readImages(
  { reading, rows, columns, channels, resize, out }: Part,
  images: OpenArray,
  kept: Uint8Array,
  count: number,
): Promise<ExampleArrays['inputs']> {
  const own = rows * columns * channels;
  const outSize = out[0] * out[1] * channels;
  const bytes = images.dtype === 'U8';
  claim(reading, images.source, count * outSize * (bytes ? 1 : 4));
  const data = bytes ? new Uint8Array(count * outSize) : new Float32Array(count * outSize);
  let written = 0;
  await forPieces(reading, images, { from: 0, to: kept.length }, (piece, first, rowsRead) => {
    for (let example = 0; example < rowsRead; example++) {
      if (kept[first + example] === 0) continue;
      // Neither bytes nor floating-point numbers are bigints.
      resize.image(piece as ArrayLike<number>, example * own, channels, data.subarray(written, written + outSize));
      written += outSize;
    }
  });
  const shape = [count, ...out, channels];
  return bytes ? { dtype: 'U8', shape, data: data as Uint8Array } : { dtype: 'F32', shape, data: data as Float32Array };
}
