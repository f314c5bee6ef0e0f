import { createRandom } from '@taggerjs/random';

import { cosineOfTurns } from '../cosine-of-turns';

/** Rows and columns of each texture, from which 28 x 28 crops are taken. */
export const TEXTURE_SIZE = 38;

/** The (row, column) frequencies of the twenty textures, in periods per texture. */
export const TEXTURE_FREQUENCIES: readonly (readonly [row: number, column: number])[] = [
  [4, 0], [4, 4], [4, 8], [4, 12],
  [10, 1], [10, 5], [10, 9], [10, 13],
  [21, 2], [21, 6], [21, 10], [21, 14],
  [32, 3], [32, 7], [32, 11], [32, 15],
  [37, 4], [37, 8], [37, 12], [37, 16],
]; // prettier-ignore

/**
 * Generates the twenty sinusoidal textures of textured MNIST. Texture i is the real part of the inverse Fourier transform of
 * one coefficient with random phase at {@link TEXTURE_FREQUENCIES}[i], scaled to the range [0, 1]:
 *
 *     cos(2 pi ((u row + v column) / 38 + phase)),   (u, v) the frequency, the phase uniform in [0, 1)
 *
 * Source: Greff et al. 2016 and the authors' released code.
 *
 * @param seed of the phases @default 0
 * @returns twenty arrays [38 * 38], row-major, of values in [0, 1]
 */
export function generateTextures(seed: number | string = 0): Float32Array[] {
  const phases = createRandom(seed).fork('texture-mnist', 'phase').uniform(TEXTURE_FREQUENCIES.length);
  return TEXTURE_FREQUENCIES.map(([u, v], i) => {
    // The wave has 38 distinct values, indexed by (u row + v column) modulo 38.
    const wave = Float64Array.from({ length: TEXTURE_SIZE }, (_, n) => cosineOfTurns(n / TEXTURE_SIZE + phases[i]!));
    const texture = Float64Array.from(
      { length: TEXTURE_SIZE * TEXTURE_SIZE },
      (_, at) => wave[(u * Math.floor(at / TEXTURE_SIZE) + v * (at % TEXTURE_SIZE)) % TEXTURE_SIZE]!,
    );
    const least = texture.reduce((low, value) => Math.min(low, value));
    const range = texture.reduce((high, value) => Math.max(high, value)) - least;
    return Float32Array.from(texture, (value) => (value - least) / range);
  });
}
