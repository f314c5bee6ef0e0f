import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { MAX_BYTES } from './decode-idx';
import { decodePng, type GreyImage } from './decode-png';
import { fileError } from './errors';
import type { ExampleArrays, FileArrays } from './file-arrays';
import { unreadable } from './file-source';
import { splitOf } from './read-npz-data';
import type { Split } from './split';

/** What a label map is called, beside its image NAME.png. */
const SEGMENTS = '.segments.png';

interface Listed {
  readonly path: string;
  readonly label?: number;
}

/**
 * The images of a folder. Folders train, validation and test are its parts. In each part, or in the folder itself, lie
 * either images, or a folder of images for each class: their labels are the numbers of these folders in alphabetical order.
 * Beside NAME.png may lie NAME.segments.png: 8 bits, grey, a segment for each pixel.
 *
 * @throws DatasetError as `decodePng`, naming the image; `INVALID_DATA` for images of different sizes, or some with
 * segments and others without; `UNREADABLE_FILE`; `TOO_LARGE`
 */
export async function readPngFolder(folder: string, maxBytes = MAX_BYTES): Promise<FileArrays> {
  const { folders } = await list(folder);
  const parts = new Map<Split | 'whole', string>();
  for (const name of folders) {
    const split = splitOf(name);
    if (split === undefined) continue;
    if (parts.has(split)) throw fileError('INVALID_DATA', { file: folder }, `it has two folders of '${split}'.`);
    parts.set(split, join(folder, name));
  }
  if (!parts.has('train')) {
    if (parts.size > 0)
      throw fileError('INVALID_DATA', { file: folder }, "it has a part, but none to train on: 'train'.");
    parts.set('whole', folder);
  }
  const budget = { left: maxBytes, maxBytes };
  const classes = await classesOf([...parts.values()]);
  const read: Partial<Record<Split | 'whole', ExampleArrays>> = {};
  for (const [split, path] of parts) read[split] = await readImages(path, classes, budget);
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

/** The classes of all parts together, so that a label means the same in each. */
async function classesOf(paths: readonly string[]): Promise<string[]> {
  const classes = new Set<string>();
  for (const path of paths) for (const name of (await list(path)).folders) classes.add(name);
  return [...classes].sort();
}

async function listImages(path: string, classes: readonly string[]): Promise<Listed[]> {
  const { images, folders } = await list(path);
  const own = images.filter((name) => !name.toLowerCase().endsWith(SEGMENTS));
  if (own.length > 0 && folders.length > 0)
    throw fileError('INVALID_DATA', { file: path }, 'it has both images and folders. Put all images in folders, one for each class, or none.'); // prettier-ignore
  if (folders.length > 256)
    throw fileError('INVALID_DATA', { file: path }, `it has ${folders.length} classes, more than 256.`);
  const listed: Listed[] = own.map((name) => ({ path: join(path, name) }));
  for (const name of folders) {
    const label = classes.indexOf(name);
    for (const image of (await list(join(path, name))).images)
      if (!image.toLowerCase().endsWith(SEGMENTS)) listed.push({ path: join(path, name, image), label });
  }
  if (listed.length === 0) throw fileError('INVALID_DATA', { file: path }, 'there are no PNG images in it.');
  return listed;
}

async function readImages(
  path: string,
  classes: readonly string[],
  budget: { left: number; readonly maxBytes: number },
): Promise<ExampleArrays> {
  const listed = await listImages(path, classes);
  let size: readonly [height: number, width: number] | undefined;
  let inputs = new Float32Array(0);
  let segments: Uint8Array | undefined;
  const check = (file: string) => (height: number, width: number) => {
    if (size === undefined) {
      const bytes = listed.length * height * width * 5;
      if (bytes > budget.left) throw fileError('TOO_LARGE', { file: path }, `${listed.length} images of ${width} x ${height} pixels take ${bytes} bytes, which is more than the ${budget.maxBytes} allowed in all.`); // prettier-ignore
      budget.left -= bytes;
      size = [height, width];
      inputs = new Float32Array(listed.length * height * width);
    } else if (height !== size[0] || width !== size[1])
      throw fileError('INVALID_DATA', { file }, `the image is ${width} x ${height} pixels, but the first one ${size[1]} x ${size[0]}. Nothing is scaled here.`); // prettier-ignore
  };
  for (const [i, { path: file }] of listed.entries()) {
    const { values } = await readPng(file, check(file));
    inputs.set(values, i * values.length);
    const map = await readPng(file.replace(/\.png$/i, SEGMENTS), check(file), true);
    if (i === 0 && map !== undefined) segments = new Uint8Array(inputs.length);
    if ((map === undefined) !== (segments === undefined))
      throw fileError(
        'INVALID_DATA',
        { file },
        `it has ${map === undefined ? 'no ' : ''}segments, unlike the images before it.`,
      );
    if (map !== undefined) {
      if (map.depth !== 8)
        throw fileError(
          'UNSUPPORTED_FILE',
          { file: file.replace(/\.png$/i, SEGMENTS) },
          `segments are of 8 bits; got ${map.depth}.`,
        );
      segments!.set(
        map.values.map((value) => Math.round(value * 255)),
        i * values.length,
      );
    }
  }
  const [height, width] = size!;
  const shape = [listed.length, height, width];
  return {
    inputs: { dtype: 'F32', shape, data: inputs },
    ...(segments && { segments: { dtype: 'U8', shape, data: segments } }),
    ...(listed[0]!.label !== undefined && {
      labels: { dtype: 'U8', shape: [listed.length], data: Uint8Array.from(listed, ({ label }) => label!) },
    }),
  };
}

async function readPng(file: string, check: (height: number, width: number) => void): Promise<GreyImage>;
async function readPng(file: string, check: (height: number, width: number) => void, optional: true): Promise<GreyImage | undefined>; // prettier-ignore
async function readPng(file: string, check: (height: number, width: number) => void, optional = false) {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    if (optional && (cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return unreadable(file, cause);
  }
  // An array of this realm's own, without a Buffer's ways.
  const own = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return decodePng(own, { name: file, check });
}
