import { decodeNpz } from '@taggerjs/weights';

import type { Image } from './drawing';

/** Rows and columns of the images of textured digits. */
export const TEXTURE_SIDE = 28;
/** Number of images that the page ships. */
export const TEXTURE_SAMPLES = 100;
const N = TEXTURE_SIDE * TEXTURE_SIDE;

/**
 * The images of textured digits that the page ships: the first test images of TextureMNIST2, with gray values rounded to bytes.
 * The test split is never trained on.
 *
 * @param file the bytes of `samples/textures.npz`: `images` and `segments`, [100, 28, 28] bytes
 * @throws Error if the file holds anything else
 */
export function decodeTextures(file: Uint8Array): Image[] {
  const { images, segments } = decodeNpz(file);
  const shape = `${[TEXTURE_SAMPLES, TEXTURE_SIDE, TEXTURE_SIDE]}`;
  for (const array of [images, segments]) {
    if (array?.dtype === 'U8' && `${array.shape}` === shape) continue;
    throw new Error(`decodeTextures: expected arrays 'images' and 'segments' of bytes with shape (${shape}).`);
  }
  return Array.from({ length: TEXTURE_SAMPLES }, (_, i) => {
    const rows = (array: typeof images) => (array!.data as Uint8Array).slice(i * N, (i + 1) * N);
    return { inputs: Float32Array.from(rows(images), (grey) => grey / 255), segments: rows(segments) };
  });
}
