import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Split } from '../contract/split';
import { fileError } from '../errors';
import { splitOf } from './array-names';
import { MAX_BYTES } from './decode-options';
import { decodePng, type DecodePngOptions, type PngImage } from './decode-png';
import type { ExampleArrays, FileArrays } from './file-arrays';
import { unreadable } from './file-source';

/** The label map of NAME.png is NAME.segments.png. */
const SEGMENTS = '.segments.png';

interface Listed {
  readonly path: string;
  /** Its label map, if any. */
  readonly segments: string | undefined;
  readonly label?: number;
}

/** Options of {@link readPngFolder}. */
export interface PngFolderOptions {
  /** Limit of the memory that the images may take, in bytes. @default 2 ** 31 */
  readonly maxBytes?: number;
  /** Values per pixel: 1 for gray, 3 for red, green and blue. @default 1 */
  readonly channels?: number;
}

/**
 * Reads a folder of images. Its subfolders train, validation and test are splits. Each split, or the folder itself, has
 * either images or a subfolder of images for each class; labels number these subfolders in alphabetical order.
 * NAME.segments.png, 8-bit gray, has the segment of each pixel of NAME.png.
 *
 * @throws DatasetError as `decodePng`, naming the image; `INVALID_DATA` for images of different sizes, or if only some have
 * segments; `UNREADABLE_FILE`; `TOO_LARGE`
 */
export async function readPngFolder(
  folder: string,
  { maxBytes = MAX_BYTES, channels = 1 }: PngFolderOptions = {},
): Promise<FileArrays> {
  const { folders } = await list(folder);
  const parts = new Map<Split | 'whole', string>();
  for (const name of folders) {
    const split = splitOf(name);
    if (split === undefined) continue;
    if (parts.has(split)) throw fileError('INVALID_DATA', { file: folder }, `it has two folders for '${split}'.`);
    parts.set(split, join(folder, name));
  }
  if (!parts.has('train')) {
    if (parts.size > 0)
      throw fileError('INVALID_DATA', { file: folder }, "it has a folder for another split, but no folder 'train'.");
    parts.set('whole', folder);
  }
  const budget = { left: maxBytes, maxBytes };
  const classes = await classesOf(folder, [...parts.values()]);
  const read: Partial<Record<Split | 'whole', ExampleArrays>> = {};
  for (const [split, path] of parts) read[split] = await readImages(path, classes, { budget, channels });
  return read;
}

async function list(folder: string): Promise<{ images: string[]; folders: string[] }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => unreadable(folder, cause));
  const names = (wanted: (entry: (typeof entries)[number]) => boolean) =>
    entries
      .filter((entry) => !entry.name.startsWith('.') && wanted(entry))
      .map(({ name }) => name)
      .sort();
  return {
    images: names((entry) => !entry.isDirectory() && entry.name.toLowerCase().endsWith('.png')),
    folders: names((entry) => entry.isDirectory()),
  };
}

/** The classes of all splits together, so that a label means the same in each. */
async function classesOf(root: string, paths: readonly string[]): Promise<string[]> {
  const classes = new Set<string>();
  for (const path of paths) for (const name of (await list(path)).folders) classes.add(name);
  if (classes.size > 256)
    throw fileError('INVALID_DATA', { file: root }, `it has ${classes.size} classes; at most 256 are supported.`);
  return [...classes].sort();
}

async function listImages(path: string, classes: readonly string[]): Promise<Listed[]> {
  const { images, folders } = await list(path);
  const own = imagesOf(path, images);
  if (own.length > 0 && folders.length > 0)
    throw fileError('INVALID_DATA', { file: path }, 'it has both images and folders. Put either all images or none into folders, one for each class.'); // prettier-ignore
  const listed: Listed[] = own;
  for (const name of folders) {
    const label = classes.indexOf(name);
    const inside = join(path, name);
    for (const image of imagesOf(inside, (await list(inside)).images)) listed.push({ ...image, label });
  }
  if (listed.length === 0) throw fileError('INVALID_DATA', { file: path }, 'it has no PNG images.');
  return listed;
}

/** Pairs images with their label maps. */
function imagesOf(path: string, names: readonly string[]): Listed[] {
  const isMap = (name: string) => name.toLowerCase().endsWith(SEGMENTS);
  const stemOf = (name: string, ending: string) => name.slice(0, -ending.length);
  const maps = new Map(names.filter(isMap).map((name) => [stemOf(name, SEGMENTS), join(path, name)]));
  return names
    .filter((name) => !isMap(name))
    .map((name) => ({ path: join(path, name), segments: maps.get(stemOf(name, '.png')) }));
}

async function readImages(
  path: string,
  classes: readonly string[],
  { budget, channels }: { readonly budget: { left: number; readonly maxBytes: number }; readonly channels: number },
): Promise<ExampleArrays> {
  const listed = await listImages(path, classes);
  let size: readonly [height: number, width: number] | undefined;
  let inputs = new Float32Array(0);
  let segments: Uint8Array | undefined;
  const check = (file: string) => (height: number, width: number) => {
    if (size === undefined) {
      const bytes = listed.length * height * width * (4 * channels + 1);
      if (bytes > budget.left) throw fileError('TOO_LARGE', { file: path }, `${listed.length} images of ${width} x ${height} pixels take ${bytes} bytes, but maxBytes is ${budget.maxBytes} for all splits.`); // prettier-ignore
      budget.left -= bytes;
      size = [height, width];
      inputs = new Float32Array(listed.length * height * width * channels);
    } else if (height !== size[0] || width !== size[1])
      throw fileError('INVALID_DATA', { file }, `the image has ${width} x ${height} pixels, but the first one ${size[1]} x ${size[0]}. Scale all images to one size.`); // prettier-ignore
  };
  for (const [i, { path: file, segments: mapFile }] of listed.entries()) {
    const { values } = await readPng(file, { check: check(file), channels });
    inputs.set(values, i * values.length);
    const map = mapFile === undefined ? undefined : await readPng(mapFile, { check: check(mapFile) });
    if (i === 0 && map !== undefined) segments = new Uint8Array(inputs.length / channels);
    if ((map === undefined) !== (segments === undefined))
      throw fileError(
        'INVALID_DATA',
        { file },
        `the image has ${map === undefined ? 'no ' : ''}segments, unlike the images before it.`,
      );
    if (mapFile !== undefined && map !== undefined) {
      const unsupported = (reason: string) => fileError('UNSUPPORTED_FILE', { file: mapFile }, reason);
      if (map.colored)
        throw unsupported('segments are gray, the number of the segment in each pixel; this image has colors.');
      if (map.depth !== 8) throw unsupported(`segments are of 8 bits; got ${map.depth}.`);
      segments!.set(
        map.values.map((value) => Math.round(value * 255)),
        i * map.values.length,
      );
    }
  }
  const [height, width] = size!;
  const shape = [listed.length, height, width];
  return {
    inputs: { dtype: 'F32', shape: channels === 1 ? shape : [...shape, channels], data: inputs },
    ...(segments && { segments: { dtype: 'U8', shape, data: segments } }),
    ...(listed[0]!.label !== undefined && {
      labels: { dtype: 'U8', shape: [listed.length], data: Uint8Array.from(listed, ({ label }) => label!) },
    }),
  };
}

async function readPng(file: string, options: Pick<DecodePngOptions, 'check' | 'channels'>): Promise<PngImage> {
  const bytes = await readFile(file).catch((cause: unknown) => unreadable(file, cause));
  // Not a Buffer, whose slice() shares memory.
  const own = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return decodePng(own, { name: file, ...options });
}
