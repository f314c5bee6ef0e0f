import * as tf from '@tensorflow/tfjs-core';

import type { ImageSize } from './convolve';

/**
 * J, the number of waves with a cosine and a sine part that an image can hold: all N frequencies in pairs, except those that
 * are their own opposites, such as the constant.
 */
export function countWaves([rows, columns]: ImageSize): number {
  const own = (rows % 2 === 0 ? 2 : 1) * (columns % 2 === 0 ? 2 : 1);
  return (rows * columns - own) / 2;
}

/**
 * The waves of an image's discrete Fourier transform that have a cosine and a sine part, as rows: [2J, rows*columns], with J
 * from {@link countWaves}.
 *
 *     cos and sin of 2 pi (p y/rows + q x/columns)
 *
 * The frequencies (p, q) and (-p, -q) are the same wave; the first in row order represents both. With C channels, the waves of
 * each channel in turn, 0 in the others: [2JC, rows*columns*C].
 */
export function waves(size: ImageSize, channels = 1): tf.Tensor2D {
  const [rows, columns] = size;
  const count = 2 * countWaves(size);
  const values = new Float32Array(count * rows * columns);
  let place = 0;
  for (let p = 0; p < rows; p++) {
    for (let q = 0; q < columns; q++) {
      const opposite = ((rows - p) % rows) * columns + ((columns - q) % columns);
      if (p * columns + q >= opposite) continue;
      for (const part of [Math.cos, Math.sin]) {
        for (let y = 0; y < rows; y++) {
          for (let x = 0; x < columns; x++) values[place++] = part(2 * Math.PI * ((p * y) / rows + (q * x) / columns));
        }
      }
    }
  }
  if (channels === 1) return tf.tensor2d(values, [count, rows * columns]);
  const spread = new Float32Array(values.length * channels ** 2);
  for (let c = 0; c < channels; c++) {
    for (const [i, value] of values.entries()) spread[(c * values.length + i) * channels + c] = value;
  }
  return tf.tensor2d(spread, [count * channels, rows * columns * channels]);
}
