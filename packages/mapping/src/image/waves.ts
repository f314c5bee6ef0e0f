import * as tf from '@tensorflow/tfjs-core';

import type { ImageSize } from './convolve';

/**
 * How many waves an image can hold that have a cosine and a sine part, J: of its N frequencies all but those that are their own
 * opposites, the constant first, by pairs.
 */
export function countWaves([rows, columns]: ImageSize): number {
  const own = (rows % 2 === 0 ? 2 : 1) * (columns % 2 === 0 ? 2 : 1);
  return (rows * columns - own) / 2;
}

/**
 * The waves of the discrete Fourier transform of an image that have a cosine and a sine part, one after the other:
 * [2J, rows*columns], J as {@link countWaves} has it.
 *
 *     cos and sin of 2 pi (p y/rows + q x/columns)
 *
 * Of the frequencies (p, q) and (-p, -q), which are the same waves, the first in the order of rows is taken.
 */
export function waves(size: ImageSize): tf.Tensor2D {
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
  return tf.tensor2d(values, [count, rows * columns]);
}
