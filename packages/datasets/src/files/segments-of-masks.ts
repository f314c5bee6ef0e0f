import { IGNORED_SEGMENT } from '../contract/dataset';
import { fileError } from '../errors';

/** Rounding errors by which masks may exceed [0, 1]. */
const ROUNDING = 1e-3;

/**
 * Converts masks to segments: the index of the largest mask of each element, 255 if that mask is at most `ignoreUpTo`.
 *
 * @param masks [size, groups, N], in [0, 1]
 * @param how.first index of the first element in the complete array, for errors
 * @throws DatasetError `INVALID_DATA` for values outside [0, 1], such as bytes up to 255
 */
export function segmentsOfMasks(
  masks: Float32Array,
  how: {
    readonly size: number;
    readonly groups: number;
    readonly where: { readonly file: string; readonly place: string };
    readonly first?: number;
    readonly ignoreUpTo?: number;
  },
): Uint8Array {
  const { size, groups, where, first = 0, ignoreUpTo = 0.9 } = how;
  const bad = masks.findIndex((mask) => !(mask >= -ROUNDING && mask <= 1 + ROUNDING));
  if (bad >= 0)
    throw fileError('INVALID_DATA', where, `expected masks from 0 to 1; got ${masks[bad]} at ${first + bad}. Divide bytes by 255. Segments need no axis K.`); // prettier-ignore
  const N = masks.length / size / groups;
  const segments = new Uint8Array(size * N);
  for (let example = 0; example < size; example++) {
    for (let n = 0; n < N; n++) {
      let largest = 0;
      const mask = (k: number) => masks[(example * groups + k) * N + n]!;
      for (let k = 1; k < groups; k++) if (mask(k) > mask(largest)) largest = k;
      segments[example * N + n] = mask(largest) > ignoreUpTo && largest < IGNORED_SEGMENT ? largest : IGNORED_SEGMENT;
    }
  }
  return segments;
}
