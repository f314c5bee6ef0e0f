import { groupColor } from '@taggerjs/viz';
import { encode } from 'fast-png';

import type { ImageShape } from './image-shape';

/** Encodes a label map for other programs: an 8-bit gray PNG whose values are group numbers. */
export function labelMap(segments: Uint8Array, [height, width]: ImageShape): Uint8Array {
  return encode({ width, height, depth: 8, channels: 1, data: segments });
}

/**
 * Encodes segments as an RGB PNG, in the colors of their groups.
 *
 * @param scale pixels per element, in each direction
 */
export function segmentImage(
  segments: Uint8Array,
  [height, width]: ImageShape,
  { groups, scale }: { readonly groups: number; readonly scale: number },
): Uint8Array {
  const colors = Array.from({ length: groups }, (_, k) => rgbOf(groupColor(k)));
  const data = new Uint8Array(height * width * scale * scale * 3);
  for (let y = 0; y < height * scale; y++) {
    for (let x = 0; x < width * scale; x++) {
      const segment = segments[Math.floor(y / scale) * width + Math.floor(x / scale)] as number;
      data.set(colors[segment] as number[], 3 * (y * width * scale + x));
    }
  }
  return encode({ width: width * scale, height: height * scale, depth: 8, channels: 3, data });
}

function rgbOf(color: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}
