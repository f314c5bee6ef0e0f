import * as tf from '@tensorflow/tfjs-core';

import type { ImageSize } from './convolve';

/**
 * The waves of the discrete Fourier transform of an image that have a cosine and a sine part, one after the other:
 * [2J, rows*columns].
 *
 *     cos and sin of 2 pi (p y/rows + q x/columns)
 *
 * Of the frequencies (p, q) and (-p, -q), which are the same waves, the first in the order of rows is taken. Those that have no
 * sine part, as the constant, are left out.
 */
export function waves([rows, columns]: ImageSize): tf.Tensor2D {
  const values: number[] = [];
  let count = 0;
  for (let p = 0; p < rows; p++) {
    for (let q = 0; q < columns; q++) {
      const opposite = ((rows - p) % rows) * columns + ((columns - q) % columns);
      if (p * columns + q >= opposite) continue;
      for (const part of [Math.cos, Math.sin]) {
        count++;
        for (let y = 0; y < rows; y++) {
          for (let x = 0; x < columns; x++) values.push(part(2 * Math.PI * ((p * y) / rows + (q * x) / columns)));
        }
      }
    }
  }
  return tf.tensor2d(values, [count, rows * columns]);
}
