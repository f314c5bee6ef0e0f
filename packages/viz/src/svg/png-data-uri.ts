import { encode, type ImageData } from 'fast-png';
import type { Raster } from '../raster';

/**
 * Encodes a raster as a PNG in a data URI. Rasters with at most 256 colors, such as most panels, use a palette to save space.
 *
 * @param raster [height * width, 3] bytes
 */
export function pngDataUri(raster: Raster, width: number, height: number): string {
  const indexed = indexColors(raster);
  const image: ImageData = indexed
    ? { width, height, depth: 8, channels: 1, data: indexed.data, palette: indexed.palette }
    : { width, height, depth: 8, channels: 3, data: raster };
  return `data:image/png;base64,${toBase64(encode(image, { zlib: { level: 9 } }))}`;
}

function indexColors(raster: Raster): { data: Uint8Array; palette: number[][] } | undefined {
  const data = new Uint8Array(raster.length / 3);
  const palette: number[][] = [];
  const indices = new Map<number, number>();
  for (let n = 0; n < data.length; n++) {
    const color = [...raster.subarray(3 * n, 3 * n + 3)];
    const key = color.reduce((word, channel) => word * 256 + channel, 0);
    let index = indices.get(key);
    if (index === undefined) {
      index = palette.length;
      if (index === 256) return undefined;
      palette.push(color);
      indices.set(key, index);
    }
    data[n] = index;
  }
  return { data, palette };
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  // In chunks, because the number of arguments of a call is limited.
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(binary);
}
